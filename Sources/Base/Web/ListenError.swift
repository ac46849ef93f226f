// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import NIOCore

/// A socket that could not be opened to listen.
package struct ListenError: Error, CustomStringConvertible {
    /// The setting that says where.
    var setting: String
    var section: String
    var address: ListenAddress
    var reason: String

    package init(_ setting: String, in section: String, _ address: ListenAddress, _ error: any Error) {
        self.setting = setting
        self.section = section
        self.address = address
        reason = (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }

    package var description: String { "could not listen on \(address), as [\(section)] \(setting) says: \(reason)" }
}
