// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt

/// A part of a hypervisor's domains: those that one of several connections reads. Which part a domain belongs to
/// depends on its UUID alone, so that none is read twice or by nobody while domains come and go.
public struct DomainShare: Sendable, Hashable {
    /// From 0.
    public let index: Int
    public let count: Int

    /// - Precondition: `index` is below `count`.
    public init(_ index: Int, of count: Int) {
        precondition((0..<count).contains(index), "a share is one of its count")
        self.index = index
        self.count = count
    }

    public static let all = DomainShare(0, of: 1)

    func contains(_ domain: virDomainPtr) -> Bool {
        guard count > 1 else { return true }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(VIR_UUID_BUFLEN)) { bytes in
            guard let base = bytes.baseAddress, virDomainGetUUID(domain, base) == 0 else { return false }
            return Int(bytes.reduce(0, ^)) % count == index
        }
    }
}
