// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TestSupport

/// A Unix socket that takes connections and never answers, as a stopped libvirtd does.
final class SilentServer: Sendable {
    private let socket: Mutex<UnixSocket?>
    let uri: String

    init() throws {
        let socket = try UnixSocket(.stream)
        uri = "qemu:///system?socket=\(socket.address)"
        self.socket = Mutex(socket)
    }

    /// Closes the socket: whoever waits for an answer learns that none will come.
    func close() { socket.withLock { $0 = nil } }
}
