// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import NIOCore

/// A socket that could not be opened to listen.
struct ListenError: Error, CustomStringConvertible {
    /// The setting that says where.
    var setting: String
    var address: ListenAddress
    var reason: String

    init(_ setting: String, _ address: ListenAddress, _ error: any Error) {
        self.setting = setting
        self.address = address
        reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }

    var description: String { "could not listen on \(address), as [collector] \(setting) says: \(reason)" }
}
