// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A socket bound to a path or, with `@` before its name, in the abstract namespace. Closing it takes the path away.
package final class UnixSocket: Sendable {
    package enum Kind: Sendable {
        case stream
        case datagram
    }

    package let address: String
    package let descriptor: Int32

    package init(_ kind: Kind, at address: String = "/tmp/hypsometer-\(UUID().uuidString.prefix(8)).sock") throws {
        var (name, length) = try Self.name(address)
        let type = kind == .stream ? SOCK_STREAM : SOCK_DGRAM
        descriptor = socket(AF_UNIX, Int32(type.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.address = address
        let isBound = withSocketAddress(&name) { bind(descriptor, $0, length) == 0 }
        guard isBound, kind == .datagram || listen(descriptor, 16) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
    }

    /// - Returns: a descriptor of a stream connected to it.
    package static func connected(to address: String) throws -> Int32 {
        var (name, length) = try name(address)
        let stream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard withSocketAddress(&name, { connect(stream, $0, length) == 0 }) else {
            let reason = errno
            close(stream)
            throw POSIXError(POSIXErrorCode(rawValue: reason) ?? .EIO)
        }
        return stream
    }

    private static func name(_ address: String) throws -> (sockaddr_un, length: socklen_t) {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(address.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: name.sun_path) else { throw POSIXError(.ENAMETOOLONG) }
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        return (name, socklen_t(MemoryLayout<sa_family_t>.size + bytes.count))
    }

    deinit {
        close(descriptor)
        if address.hasPrefix("/") { unlink(address) }
    }
}

private func withSocketAddress<Value>(_ name: inout sockaddr_un, _ body: (UnsafePointer<sockaddr>) -> Value) -> Value {
    withUnsafePointer(to: &name) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body) }
}
