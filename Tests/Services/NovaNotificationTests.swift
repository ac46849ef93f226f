// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// What a real nova announces of an instance's life.
@Suite(.enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")), .serialized)
struct NovaNotificationTests {
    @Test(.timeLimit(.minutes(40))) func anInstanceIsSampledWhenItIsCreatedExistsAndIsDeleted() async throws {
        let folder = try TemporaryDirectory()
        // Other suites may have stopped the broker under it, which its conductor takes minutes to get over.
        try await ServicesLab.shared.down("nova")
        try await ServicesLab.shared.up("nova")
        try await ServicesLab.shared.seed("nova")
        let collector = try await onThread { try CollectorProcess(RunningNotifications.binary, folder: folder.path) }
        defer { collector.stop() }
        let port = collector.port
        let service = try await onThread {
            try RunningNotifications(
                in: folder, topic: "notifications", exchanges: "nova,openstack", collector: port)
        }
        // An instance of its own is created, resized and deleted, and much else.
        try await ServicesLab.shared.oslab(["exercise", "nova"], timeout: .seconds(600))
        let wanted = ["compute.instance.create.end", "compute.instance.exists", "compute.instance.delete.start"]
        @Sendable func told() throws -> Set<String> {
            Set(
                try Collected.samples(of: "instance", at: port).compactMap { sample in
                    (sample["resource_metadata"] as? [String: Any])?["event_type"] as? String
                })
        }
        #expect(try await onThread { try service.waits { try told() == Set(wanted) } })
        let before = try await onThread { try Collected.samples(of: "instance", at: port).count }
        // With nothing under way the broker goes and comes back; nova and the service find it again.
        try await ServicesLab.shared.down("rabbitmq")
        #expect(try await onThread { try service.waits { try service.log.contains("no connection") } })
        try await ServicesLab.shared.up("rabbitmq")
        let list = try await ServicesLab.shared.api("GET", "nova", "/v2.1/servers")
        let servers = try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [String: Any]
        let server = try #require((servers?["servers"] as? [[String: Any]])?.first?["id"] as? String)
        _ = try await ServicesLab.shared.api("DELETE", "nova", "/v2.1/servers/\(server)")
        #expect(
            try await onThread {
                try service.waits {
                    try Collected.samples(of: "instance", at: port).contains { sample in
                        sample["resource_id"] as? String == server
                            && (sample["resource_metadata"] as? [String: Any])?["event_type"] as? String
                                == "compute.instance.delete.start"
                    }
                }
            })
        #expect(try await onThread { try Collected.samples(of: "instance", at: port).count } > before)
        #expect(try await onThread { service.stop() } == 0)
        // Nothing twice: each line of the file has an id of its own.
        let ids = service.samples.compactMap { line in
            (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])?["id"] as? String
        }
        #expect(ids.count == service.samples.count)
        #expect(Set(ids).count == ids.count)
    }
}
