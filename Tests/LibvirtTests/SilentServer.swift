// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A Unix socket that takes connections and never answers, as a stopped libvirtd does.
final class SilentServer: Sendable {
    let path: String
    private let descriptor: Int32
    var uri: String { "qemu:///system?socket=\(path)" }

    init() throws {
        path = "/tmp/hypsometer-\(UUID().uuidString.prefix(8)).sock"
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(descriptor, 16) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Closes the socket: whoever waits for an answer learns that none will come.
    func close() {
        Glibc.close(descriptor)
        unlink(path)
    }
}
