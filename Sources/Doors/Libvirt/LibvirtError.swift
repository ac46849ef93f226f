// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt

/// Why libvirt could not do what we asked, in its own words and with its own number.
public struct LibvirtError: Error, Sendable, Hashable {
    public enum Reason: Sendable, Hashable {
        /// libvirt answered with this error: its code (`virErrorNumber`) and the part of it that spoke
        /// (`virErrorDomain`).
        case libvirt(code: Int32, domain: Int32)
        /// No answer in time; the call may still be running, on a thread that was given up.
        case deadline
        /// The call had not begun when the lane that it waited for was given up.
        case notBegun
        /// As many calls as allowed hang already, so that no other is begun.
        case tooManyHangingCalls
        /// More than we take.
        case tooLarge
        /// Whoever asked no longer wants the answer.
        case cancelled
    }

    public var reason: Reason
    /// What we were doing, after "could not": `read domain statistics from qemu:///system`.
    public var action: String
    public var message: String

    public init(reason: Reason, action: String, message: String) {
        self.reason = reason
        self.action = action
        self.message = message
    }

    /// libvirt's number, where libvirt answered.
    public var code: Int32? {
        if case .libvirt(let code, _) = reason { code } else { nil }
    }

    /// There is no such domain, or no longer.
    public var isNoDomain: Bool { code == Int32(VIR_ERR_NO_DOMAIN.rawValue) }

    /// The driver lacks the call or the statistics asked for.
    var isUnsupported: Bool {
        code == Int32(VIR_ERR_NO_SUPPORT.rawValue) || code == Int32(VIR_ERR_ARGUMENT_UNSUPPORTED.rawValue)
    }

    /// The connection broke (libvirtd restarted, the network went away): a new one may do better.
    var isDisconnection: Bool {
        guard case .libvirt(let code, let domain) = reason else { return false }
        let transport = [VIR_FROM_REMOTE, VIR_FROM_RPC].map { Int32($0.rawValue) }
        let broken = [VIR_ERR_SYSTEM_ERROR, VIR_ERR_INTERNAL_ERROR, VIR_ERR_RPC].map { Int32($0.rawValue) }
        return code == Int32(VIR_ERR_INVALID_CONN.rawValue) || (transport.contains(domain) && broken.contains(code))
    }

    /// The error of the libvirt call that has just failed on this very thread: libvirt keeps one per thread, so this
    /// must be read before anything else is called.
    static func last(_ action: String) -> LibvirtError {
        guard let error = virGetLastError() else {
            return LibvirtError(reason: .libvirt(code: 0, domain: 0), action: action, message: "no reason given")
        }
        return LibvirtError(
            reason: .libvirt(code: error.pointee.code, domain: error.pointee.domain), action: action,
            message: error.pointee.message.map { String(cString: $0) } ?? "no reason given")
    }
}

extension LibvirtError: CustomStringConvertible {
    public var description: String {
        let number = code.map { " (libvirt error \($0))" } ?? ""
        return "could not \(action): \(message)\(number)"
    }
}
