// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Sends one UDP datagram to a port of this host.
package func sendDatagram(_ bytes: [UInt8], port: Int) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
    let count = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    guard count == bytes.count else {
        throw ShellError(command: "send a datagram", reason: String(cString: strerror(errno)))
    }
}
