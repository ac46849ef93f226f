// SPDX-License-Identifier: Apache-2.0
import CentralPollsters
import Logging
import OpenStack
import Settings
import Telemetry
import TestSupport
import Testing

/// The central plug-ins over a stub of a cloud.
struct Central {
    let plugins: CentralPlugins
    let log = LogMemory()

    init(_ cloud: StubCloud?, _ text: String = "", concurrency: Int = 8) throws {
        let document = try INIDocument(path: "h.conf", text: text)
        let settings = try CentralSettings(Configuration(documents: [document], environment: [:]))
        let session = cloud.map { cloud in
            var credentials = CloudCredentials(
                authURL: cloud.url,
                proof: .password(user: .init(id: "u1"), CloudSecret(StubCloud.password)))
            credentials.concurrency = concurrency
            return CloudSession(credentials)
        }
        plugins = CentralPlugins(settings, session: session, isService: true, log: log.logger)
    }

    func discover(
        _ name: String, _ parameter: String? = nil, deadline: Duration = .seconds(60)
    ) async throws -> [Resource] {
        let registration = try #require(plugins.discoveries.first { $0.name == name })
        return try await registration.discovery.discover(parameter, in: Self.cycle(deadline))
    }

    /// Of the resources, or of those that its own discovery finds.
    func poll(
        _ name: String, _ resources: [Resource]? = nil, meters: Set<String>? = nil, deadline: Duration = .seconds(60)
    ) async throws -> [Sample] {
        let registration = try #require(plugins.pollsters.first { $0.name == name })
        let found = if let resources { resources } else { try await discover(registration.defaultDiscovery ?? "") }
        let names = meters ?? Set(registration.meters.map(\.name))
        return try await registration.make().poll(found, meters: names, in: Self.cycle(deadline))
    }

    static func cycle(_ deadline: Duration = .seconds(60)) -> PollingCycle {
        PollingCycle(number: 1, deadline: .now + deadline, meters: [])
    }
}

extension [Sample] {
    /// A line each, sorted.
    var lines: [String] {
        map { "\($0.name) \($0.resourceID) \($0.volume.doubleValue) \($0.unit) \($0.projectID ?? "-")" }.sorted()
    }
}
