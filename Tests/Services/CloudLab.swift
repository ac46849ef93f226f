// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import OpenStack
import TestSupport
import Testing

/// The lab's cloud as the door sees it.
enum CloudLab {
    static func credentials() async throws -> CloudCredentials {
        let environment = try await ServicesLab.shared.environment()
        let domain = environment["OS_USER_DOMAIN_NAME"] ?? "Default"
        return CloudCredentials(
            authURL: try #require(environment["OS_AUTH_URL"]),
            proof: .password(
                user: .init(name: environment["OS_USERNAME"], domainName: domain), CloudSecret(ServicesLab.password)),
            scope: .project(.init(name: environment["OS_PROJECT_NAME"], domainName: domain)))
    }

    static func session() async throws -> CloudSession { CloudSession(try await credentials()) }

    /// What the seeds made, as one JSON object.
    static func facts() throws -> WireValue {
        try WireValue(json: Array(try ServicesLab.shared.facts()), within: WireLimits(bytes: 1 << 20))
    }
}

extension WireValue {
    var entries: [Entry] {
        guard case .object(let entries) = self else { return [] }
        return entries
    }

    var items: [WireValue] {
        guard case .array(let items) = self else { return [] }
        return items
    }
}

/// A forwarder on loopback, which cuts every connection when it ends and is silent while it is stopped.
final class Forwarder: Sendable {
    let port: UInt16
    private let child: ChildProcess

    /// - Parameter target: a port of 127.0.0.1.
    init(port: UInt16? = nil, to target: Int) async throws {
        let script = URL(filePath: #filePath).appending(
            path: "../../../../shared/lab/hypervisor/tcp-proxy.py"
        ).standardized.path
        let free = try port ?? LoopbackAddress.freePort()
        self.port = free
        child = try ChildProcess("python3", [script, "\(free)", "\(target)"])
        // Until it listens.
        for _ in 0..<200 {
            let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(probe) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = free.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let isThere = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(probe, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            if isThere { return }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    deinit { end() }

    func stop() { kill(child.pid, SIGSTOP) }
    func resume() { kill(child.pid, SIGCONT) }
    func end() { kill(child.pid, SIGKILL) }
}
