// SPDX-License-Identifier: Apache-2.0
import Foundation
import OpenStack
import Pipelines
import Telemetry
import TestSupport
import Testing

/// A real Gnocchi, fresh, gets what it needs and then measures; asked with Keystone's tokens, and with a user's name.
@Suite(
    .enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")), .serialized,
    .timeLimit(.minutes(15)))
struct GnocchiTests {
    private let lab = ServicesLab.shared
    /// A resource type of this run's own, which no server has had.
    private let type = "instance_\(UUID().uuidString.prefix(8).lowercased())"
    private let id = UUID().uuidString.lowercased()
    private let now = Timestamp.now

    private var resources: String {
        """
        archive_policy_default: p-\(type)
        archive_policies:
          - {name: p-\(type), aggregation_methods: [mean, "rate:mean"], definition: [{granularity: 1 minute, timespan: 1 day}]}
        resources:
          - resource_type: \(type)
            metrics: {cpu: , power.state: }
            attributes: {host: resource_metadata.(instance_host|host), display_name: resource_metadata.display_name}
        """
    }

    private func cloud() async throws -> CloudCredentials {
        try await lab.up("gnocchi")
        let environment = try await lab.environment()
        return try CloudCredentials(options: [
            "auth_url": environment["OS_AUTH_URL"] ?? "", "username": "admin", "password": ServicesLab.password,
            "project_name": "admin", "user_domain_id": "default", "project_domain_id": "default",
        ])
    }

    private let url = "gnocchi://?resources_definition_file=RESOURCES"

    private func json(_ path: String) async throws -> Any {
        try JSONSerialization.jsonObject(
            with: Data(try await lab.api("GET", "gnocchi", path).utf8), options: .fragmentsAllowed)
    }

    /// The means of a minute each, oldest first.
    private func means(_ meter: String = "cpu", of resource: String) async throws -> [Double] {
        guard
            let text = try? await lab.api(
                "GET", "gnocchi",
                "/v1/resource/\(type)/\(resource)/metric/\(meter)/measures?granularity=60&aggregation=mean&refresh=true"
            )
        else { return [] }
        let rows = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[Any]] ?? []
        return rows.compactMap { ($0.last as? NSNumber)?.doubleValue }
    }

    private func sample(_ volume: Volume, minutes: Int64, host: String = "cn1", of resource: String? = nil) -> Sample {
        .of(
            "cpu", volume, resource: resource ?? id, minutes: minutes, before: now,
            metadata: ["instance_host": .string(host), "display_name": "web"])
    }

    @Test func aFreshServerGetsPolicyTypeResourceMetricAndMeasures() async throws {
        let delivery = try await Delivery(url, cloud: cloud(), resources: resources)
        var samples: [Sample] = []
        for step in 1...4 { samples.append(sample(Volume(10 * step), minutes: Int64(6 - step))) }
        samples.append(sample(7, minutes: 3, of: "\(id)/vda"))
        await delivery.put(samples)
        #expect(await delivery.end() == 0)
        #expect(try await eventually { try await means(of: id) == [10, 20, 30, 40] })
        #expect(try await means(of: "\(id)_vda") == [7])
        let resource = try #require(try await json("/v1/resource/\(type)/\(id)") as? [String: Any])
        #expect(resource["host"] as? String == "cn1" && resource["display_name"] as? String == "web")
        #expect(resource["project_id"] as? String == "p1" && resource["user_id"] as? String == "u1")
        let metric = try #require(try await json("/v1/resource/\(type)/\(id)/metric/cpu") as? [String: Any])
        #expect((metric["archive_policy"] as? [String: Any])?["name"] as? String == "p-\(type)")
        #expect(metric["unit"] as? String == "ns")
    }

    @Test func whatComesTwiceIsThereOnceAndAChangeOfHostIsTold() async throws {
        let cloud = try await cloud()
        for (volumes, host) in [(1...3, "cn1"), (1...3, "cn1"), (2...4, "cn2")] {
            // An agent of its own each time, which knows nothing of what was sent before.
            let delivery = try await Delivery(url, cloud: cloud, resources: resources)
            var samples: [Sample] = []
            for step in volumes { samples.append(sample(Volume(step), minutes: Int64(9 - step), host: host)) }
            await delivery.put(samples)
            #expect(await delivery.end() == 0)
        }
        #expect(try await eventually { try await means(of: id) == [1, 2, 3, 4] })
        let resource = try #require(try await json("/v1/resource/\(type)/\(id)") as? [String: Any])
        #expect(resource["host"] as? String == "cn2")
        let history = try #require(try await json("/v1/resource/\(type)/\(id)/history") as? [[String: Any]])
        #expect(history.count == 2, "a repeat is no change")
    }

    @Test func aGnocchiThatIsAwayForATimeMissesNothingAndHasNothingTwice() async throws {
        let delivery = try await Delivery(url, cloud: cloud(), resources: resources)
        await delivery.put([sample(1, minutes: 9)])
        #expect(try await eventually { try await means(of: id) == [1] })
        try await lab.down("gnocchi")
        for minute in 2...5 { await delivery.put([sample(Volume(minute), minutes: Int64(10 - minute))]) }
        #expect(
            try await eventually { delivery.log.lines.contains { $0.contains("publisher refuses samples; they wait") } }
        )
        try await lab.up("gnocchi")
        #expect(try await eventually { try await means(of: id) == [1, 2, 3, 4, 5] })
        #expect(await delivery.end() == 0)
    }

    @Test func aWrongPasswordIsSaidAndTheSamplesWait() async throws {
        var credentials = try await cloud()
        credentials = try CloudCredentials(options: [
            "auth_url": credentials.authURL, "username": "admin", "password": "wrong", "project_name": "admin",
            "user_domain_id": "default", "project_domain_id": "default",
        ])
        let delivery = try await Delivery(url, cloud: credentials, resources: resources)
        await delivery.put([sample(1, minutes: 2)])
        #expect(
            try await eventually {
                delivery.log.lines.contains { $0.contains("they wait") && $0.contains("could not log in") }
            })
        #expect(!delivery.log.lines.contains { $0.contains("wrong\"") })
        #expect(await delivery.end() == 0)
    }

    @Test func aGnocchiWithoutKeystoneTakesAUsersName() async throws {
        try await lab.up("gnocchi")
        let environment = try await lab.environment()
        let run = try #require(environment["OSLAB_RUN"])
        let port = try #require(environment["OSLAB_PORT_BASE"].flatMap(Int.init)) + 18
        let home = try TemporaryDirectory()
        let lines = try String(contentsOfFile: "\(run)/gnocchi/home/.gnocchi/gnocchi.conf", encoding: .utf8)
        try home.write(lines.replacing("auth_mode = keystone", with: "auth_mode = basic"), to: ".gnocchi/gnocchi.conf")
        let program = try home.write(
            """
            import sys
            from wsgiref.simple_server import make_server
            port = int(sys.argv.pop())
            from gnocchi.rest.wsgi import application
            make_server('127.0.0.1', port, application).serve_forever()
            """, to: "serve.py")
        let server = try ChildProcess("/usr/bin/python3", [program, "\(port)"], environment: ["HOME": home.path])
        defer {
            server.signal(SIGKILL)
            _ = server.status(within: .seconds(5))
        }
        let delivery = try await Delivery(
            "gnocchi+http://admin@127.0.0.1:\(port)?timeout=30&resources_definition_file=RESOURCES",
            resources: resources)
        await delivery.put([sample(3, minutes: 2)])
        #expect(try await eventually { try await means(of: id) == [3] })
        #expect(await delivery.end() == 0)
        let stranger = try await Delivery(
            "gnocchi+http://127.0.0.1:\(port)?timeout=30&resources_definition_file=RESOURCES", resources: resources)
        await stranger.put([sample(4, minutes: 1)])
        #expect(
            try await eventually { stranger.log.lines.contains { $0.contains("they wait") && $0.contains("HTTP 401") } }
        )
    }
}
