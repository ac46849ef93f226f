// SPDX-License-Identifier: Apache-2.0
import Foundation

/// What systemd listens at: a datagram socket.
package final class NotifySocket: Sendable {
    private let socket: UnixSocket
    package var address: String { socket.address }

    package init() throws { socket = try UnixSocket(.datagram) }

    /// - Parameter address: a path or, with `@` before it, a name in the abstract namespace.
    package init(_ address: String) throws { socket = try UnixSocket(.datagram, at: address) }

    /// The next message that is there; nil where none is.
    package func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket.descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// The next message, waited for.
    package func waitForNext() async throws -> String {
        while true {
            if let message = next() { return message }
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    /// All the messages that are there.
    package func all() -> [String] { Array(sequence(state: ()) { _ in self.next() }) }
}
