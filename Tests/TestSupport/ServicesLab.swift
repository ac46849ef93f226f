// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Real services on loopback: RabbitMQ, Keystone, Nova with fake hypervisors, Glance, Cinder, Neutron, Swift, Gnocchi,
/// etcd, Prometheus. They are started by `oslab`, which is found beside the project in `../shared/lab/openstack` or by
/// `HYPSOMETER_OSLAB`; its head says how.
///
/// Starting them takes minutes and gigabytes, so that tests which need them run only where `HYPSOMETER_SERVICES=1`.
/// They share one set of services in one process: a test that stops one starts it again, and such suites are
/// `.serialized`. With `HYPSOMETER_SERVICES_RUN` (a folder) the services stay for the next run; without it they go with
/// this process. `OSLAB_PORT_BASE` is the first of their 20 ports.
package final class ServicesLab: Sendable {
    package static let shared = ServicesLab()

    /// Why no service can be started here, or nil where they can.
    package static let unavailable: String? = {
        if ProcessInfo.processInfo.environment["HYPSOMETER_SERVICES"] != "1" {
            return "HYPSOMETER_SERVICES=1 is not set"
        }
        if !FileManager.default.isExecutableFile(atPath: program) { return "\(program) is not there" }
        return nil
    }()

    /// What the services' administrator logs in with; RabbitMQ's user is `openstack`.
    package static let password = "oslab-secret"

    private static let program =
        ProcessInfo.processInfo.environment["HYPSOMETER_OSLAB"]
        ?? URL(filePath: #filePath).appending(path: "../../../../shared/lab/openstack/oslab").standardized.path

    /// Where services have their files.
    package let directory: String
    private let isKept: Bool
    /// One command at a time: two would start a service twice.
    private let commands = DispatchQueue(label: "services")

    private init() {
        let kept = ProcessInfo.processInfo.environment["HYPSOMETER_SERVICES_RUN"]
        isKept = kept != nil
        directory = kept ?? "/tmp/services-lab.\(ProcessInfo.processInfo.processIdentifier)"
        if !isKept { atexit { try? ServicesLab.shared.purge() } }
    }

    /// Starts services, and those that they need; at once where they run already.
    ///
    /// - Parameter services: `rabbitmq`, `keystone`, `glance`, `swift`, `placement`, `nova`, `cinder`, `neutron`,
    ///   `gnocchi`, `etcd`, `prometheus`.
    package func up(_ services: String...) async throws { try await oslab(["up"] + services, timeout: .seconds(600)) }

    package func down(_ services: String...) async throws { try await oslab(["down"] + services) }

    /// Makes known data; what was made is in ``facts()``.
    package func seed(_ services: String...) async throws {
        try await oslab(["seed"] + services, timeout: .seconds(300))
    }

    /// What the seeds made: names, identifiers, sizes.
    package func facts() throws -> Data { try Data(contentsOf: URL(filePath: directory + "/facts.json")) }

    /// `OS_*` credentials and the services' addresses, as `OSLAB_*_URL`.
    package func environment() async throws -> [String: String] {
        let settings = try await oslab(["env"]).split(whereSeparator: \.isWhitespace).compactMap { word in
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[0], parts[1]) : nil
        }
        return Dictionary(settings, uniquingKeysWith: { $1 })
    }

    /// One request as administrator, past the code under test: the answer's body.
    package func api(_ method: String, _ service: String, _ path: String, body: String? = nil) async throws -> String {
        try await oslab(["api", method, service, path] + (body.map { [$0] } ?? []))
    }

    /// Any other command of `oslab`; what it prints.
    @discardableResult
    package func oslab(_ arguments: [String], timeout: Duration = .seconds(120)) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            commands.async { continuation.resume(with: Result { try self.run(arguments, timeout: timeout) }) }
        }
    }

    private func run(_ arguments: [String], timeout: Duration) throws -> String {
        let (status, output, error) = try Shell.run(Self.program, ["-d", directory] + arguments, timeout: timeout)
        guard status == 0 else { throw ShellError(command: "oslab \(arguments.joined(separator: " "))", reason: error) }
        return output
    }

    private func purge() throws { _ = try run(["purge"], timeout: .seconds(120)) }
}
