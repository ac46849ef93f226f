// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import Telemetry
import TestSupport
import Testing

extension RabbitSuites {
    /// What a real nova announces of an instance's life, down to the collector.
    @Suite(.serialized) struct NovaNotificationTests {
        private static let wanted = [
            "compute.instance.create.end", "compute.instance.exists", "compute.instance.delete.start",
        ]

        @Test(.timeLimit(.minutes(40)))
        func eachTimeThatAnInstanceIsCreatedExistsOrIsDeletedIsOneSampleWhateverStopsInBetween() async throws {
            let folder = try TemporaryDirectory()
            try await NovaLab.restart()
            let collector = try await onThread {
                try CollectorProcess(RunningNotifications.binary, folder: folder.path)
            }
            defer { collector.stop() }
            let port = collector.port
            @Sendable func start() throws -> RunningNotifications {
                try RunningNotifications(
                    in: folder, topic: "notifications", exchanges: "nova,openstack", collector: port)
            }
            try await BusWitness.listening(to: "nova", "notifications.info") { witness in
                let first = try await onThread { try start() }
                let server = try await NovaServer.boot("sampled", try CloudLab.facts())
                @Sendable func sampled() throws -> [String: Int] { try Self.eventTypes(of: server.id, at: port) }
                #expect(try await onThread { try first.waits { try sampled()[Self.wanted[0]] == 1 } })

                // Nobody listens while it is resized, which nova tells what existed until then.
                first.signal(SIGKILL)
                let flavor = try NovaServer.flavor("m1.big", try CloudLab.facts())
                try await server.act(#"{"resize": {"flavorRef": "\#(flavor)"}}"#)
                try await server.confirmResize()
                let second = try await onThread { try start() }
                #expect(try await onThread { try second.waits { try sampled()[Self.wanted[1], default: 0] > 0 } })

                // With nothing under way the broker goes and comes back; all find it again.
                try await ServicesLab.shared.down("rabbitmq")
                #expect(
                    try await onThread { try second.waits { try second.log.contains("no connection to the message") } })
                try await ServicesLab.shared.up("rabbitmq")
                let since = Timestamp.now
                #expect(
                    try await onThread {
                        try second.waits { try second.log.components(separatedBy: "connected to the").count > 2 }
                    })
                try await NovaLab.waitForHosts(since: since)
                try await server.delete()
                #expect(try await onThread { try second.waits { try sampled()[Self.wanted[2]] == 1 } })
                // What the witness heard, no more and no less.
                let told = Self.eventTypes(of: server.id, witness)
                #expect(Set(told.keys) == Set(Self.wanted), "\(told)")
                #expect(try await onThread { try second.waits { try sampled() == told } })
                #expect(try await onThread { second.stop() } == 0)
                #expect(try await onThread { try sampled() } == told)
            }
        }

        /// The samples of the meter `instance`, by what nova called the event.
        private static func eventTypes(of server: String, at port: Int) throws -> [String: Int] {
            let samples = try HTTPClient(port: port).send("GET", "/v1/samples?meter=instance&resource_id=\(server)")
            let types = (samples["samples"] as? [[String: Any]] ?? []).compactMap {
                ($0["resource_metadata"] as? [String: Any])?["event_type"] as? String
            }
            return Dictionary(types.map { ($0, 1) }, uniquingKeysWith: +)
        }

        /// How often the witness heard of each event of an instance that is wanted.
        private static func eventTypes(of server: String, _ witness: BusWitness) -> [String: Int] {
            let types = witness.all.map(\.notification).filter { $0.payload["instance_id"]?.string == server }
                .compactMap(\.eventType)
            return Dictionary(types.filter(wanted.contains).map { ($0, 1) }, uniquingKeysWith: +)
        }
    }
}
