// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What systemd listens at: a datagram socket, at a path or, with `@` before its name, in the abstract namespace.
final class NotifySocket: Sendable {
    let address: String
    private let descriptor: Int32

    init(_ address: String) throws {
        self.address = address
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(address.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let bound = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        try #require(bound == 0, "bind to \(address): \(String(cString: strerror(errno)))")
    }

    deinit { close(descriptor) }

    /// The next message that is there; nil where none is.
    func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// The next message, waited for.
    func waitForNext() async throws -> String {
        while true {
            if let message = next() { return message }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
