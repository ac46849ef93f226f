// SPDX-License-Identifier: Apache-2.0
import Audits
import CloudModels
import ClusterModel
import Foundation
import ModelCollectors
import ModelNotifications
import OpenStack
import Settings
import Synchronization
import Telemetry
import TestSupport
import Testing

extension RabbitSuites {
    /// The compute model of a real Nova, which its notifications keep up to date.
    @Suite(.serialized, .timeLimit(.minutes(30))) struct ModelNotificationTests {
        private let cloud: CountingCloud
        private let log = LogMemory()

        init() async throws {
            try await NovaLab.restart()
            cloud = CountingCloud(api: CloudDocuments(session: try await CloudLab.session()))
        }

        @Test func itFollowsAnInstanceThroughItsLifeByNotificationsAloneAndWithinASecond() async throws {
            let taken = Mutex<[FollowedSteps.Step]>([])
            try await BusWitness.listening(to: "nova", "versioned_notifications.info") { witness in
                try await following(Rabbit.text) { manager in
                    let steps = FollowedSteps(witness, from: try await Self.model(manager))
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        let changes = try await manager.changes(of: "compute")
                        group.addTask { await steps.watch(changes) }
                        defer { group.cancelAll() }
                        try await self.live(manager, steps)
                    }
                    taken.withLock { $0 = steps.all }
                }
            }
            let steps = taken.withLock { $0 }
            // The first time, and never again.
            #expect(cloud.buildings == 1)
            // A machine that does something else may hold up any one of them, so that the one in the middle counts.
            let shown = steps.map(\.shown).sorted()
            #expect(steps.count == 8 && shown[shown.count / 2] < 1, "\(steps)")
        }

        /// An instance's life, each step of which the model shows as a new one does.
        private func live(_ manager: CollectorManager, _ steps: FollowedSteps) async throws {
            let facts = try CloudLab.facts()
            func step(
                _ name: String, location: SourceLocation = #_sourceLocation, _ act: () async throws -> Void,
                shows condition: (ModelRoot) throws -> Bool
            ) async throws {
                let begin = Timestamp.now
                try await act()
                try await self.equalsNova(manager, condition, location: location)
                try await steps.add(name, since: begin, condition)
            }
            let booting = Timestamp.now
            let server = try await NovaServer.boot("followed", facts)
            func isThere(_ model: ModelRoot) -> Bool { model.findInstance(uuid: server.id) != nil }
            func host(_ model: ModelRoot) throws -> String? { try model.node(ofInstance: server.id).hostname }
            try await equalsNova(manager, isThere)
            try await steps.add("boot", since: booting, isThere)
            try await step("resize") {
                try await server.act(#"{"resize": {"flavorRef": "\#(try NovaServer.flavor("m1.big", facts))"}}"#)
                try await server.confirmResize()
            } shows: {
                try $0.instance(uuid: server.id).vcpus == 2
            }
            var old = try await server.host
            try await step("migrate") {
                try await server.act(#"{"migrate": null}"#)
                try await server.confirmResize()
            } shows: {
                try host($0) != old
            }
            old = try await server.host
            try await step("live-migrate") {
                try await server.act(#"{"os-migrateLive": {"host": null, "block_migration": "auto"}}"#)
                try await server.waits(for: "ACTIVE") { $0 != old }
            } shows: {
                try host($0) != old
            }
            try await step("stop") {
                try await server.act(#"{"os-stop": null}"#)
                try await server.waits(for: "SHUTOFF")
            } shows: {
                try $0.instance(uuid: server.id).state == .stopped
            }
            // Then it is on no host, and nothing that a model of hosts has.
            try await step("shelve") {
                try await server.act(#"{"os-start": null}"#)
                try await server.waits(for: "ACTIVE")
                try await server.act(#"{"shelve": null}"#)
                try await server.waits(for: "SHELVED_OFFLOADED")
            } shows: {
                !isThere($0)
            }
            try await step("unshelve") {
                try await server.act(#"{"unshelve": null}"#)
                try await server.waits(for: "ACTIVE")
            } shows: {
                isThere($0)
            }
            try await step("delete") {
                try await server.delete()
            } shows: {
                !isThere($0)
            }
            #expect(await manager.statuses[0].failed == 0)
        }

        @Test func whatWasMissedWhileTheBusWasAwayIsSeenWhenItIsBack() async throws {
            let forwarder = try await Forwarder(to: Rabbit.port)
            let bus = Rabbit.text.replacing(":\(Rabbit.port)/", with: ":\(forwarder.port)/")
            try await following(bus) { manager in
                let server = try await NovaServer.boot("missed", try CloudLab.facts())
                try await self.equalsNova(manager) { $0.findInstance(uuid: server.id) != nil }
                #expect(cloud.buildings == 1)
                forwarder.end()
                try await Self.wait { await manager.statuses[0].unheardSince != nil }
                try await server.delete()
                #expect(try await Self.model(manager).findInstance(uuid: server.id) != nil)
                let again = try await Forwarder(port: forwarder.port, to: Rabbit.port)
                defer { again.end() }
                try await self.equalsNova(manager) { $0.findInstance(uuid: server.id) == nil }
                #expect(await manager.statuses[0].unheardSince == nil)
                #expect(cloud.buildings == 2)
                // Before the forwarder's end, which the feed may hear of before its own.
                #expect(log.lines.count { $0.hasPrefix("error: no notifications are heard") } == 1, "\(log.lines)")
                #expect(log.lines.count { $0.hasPrefix("notice: notifications are heard") } == 2, "\(log.lines)")
            }
            #expect(!log.lines.contains { $0.contains(ServicesLab.password) })
            // What came by queues of our own, and they went with their connections.
            #expect(try await !Rabbit.control("-p", "openstack", "list_queues", "name").contains("hypsometer-models"))
        }

        @Test func theStorageModelFollowsVolumes() async throws {
            try await ServicesLab.shared.up("cinder")
            try await ServicesLab.shared.seed("cinder")
            let collector = CinderCollector(api: cloud.api)
            try await following(Rabbit.text, kind: "storage", collector) { manager in
                func request(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSONValue? {
                    let project = try await CloudLab.session().endpoint(of: "block-storage").flatMap { URL(string: $0) }
                    let answer = try await ServicesLab.shared.api(
                        method, "cinder", "\(project?.path ?? "")/volumes\(path)", body: body)
                    return answer.isEmpty ? nil : try JSONValue(parsing: answer)
                }
                func equalsCinder(_ size: Int?, _ id: String) async throws {
                    try await Self.wait {
                        let model = try await manager.model("storage").model as? StorageModelRoot
                        let fresh = try await collector.execute() as? StorageModelRoot
                        func volumes(_ model: StorageModelRoot?) -> [String: ClusterModel.Volume] {
                            Dictionary(
                                uniqueKeysWithValues: (model?.allVolumes ?? []).map { volume in
                                    var volume = volume
                                    // No notification tells it.
                                    volume.isMultiattach = nil
                                    return (volume.uuid, volume)
                                })
                        }
                        return volumes(model) == volumes(fresh) && volumes(model)[id]?.size == size
                            && volumes(model)[id]?.status ?? .available == .available
                    }
                }
                let made = try await request("POST", "", #"{"volume": {"size": 1, "name": "followed"}}"#)
                let id = try #require(made?["volume"]?["id"]?.string)
                try await equalsCinder(1, id)
                _ = try await request("POST", "/\(id)/action", #"{"os-extend": {"new_size": 2}}"#)
                try await equalsCinder(2, id)
                _ = try await request("DELETE", "/\(id)")
                try await equalsCinder(nil, id)
            }
        }

        // MARK: Workings

        private func following(_ url: String, _ body: (CollectorManager) async throws -> Void) async throws {
            let collector = NovaCollector(api: cloud) { Issue.record("skipped: \($0)") }
            try await following(url, kind: "compute", collector, body)
        }

        private func following(
            _ url: String, kind: String, _ collector: any ClusterDataModelCollector,
            _ body: (CollectorManager) async throws -> Void
        ) async throws {
            let text = "[DEFAULT]\ntransport_url = \(url)\n"
            let configuration = Configuration(
                documents: [try INIDocument(path: "test.conf", text: text)], environment: [:])
            let feed = BusFeed(try #require(try BusFeedSettings(configuration, host: "test")), log: log.logger)
            let manager = CollectorManager(
                [CollectorRegistration(kind, kind: kind, collector, period: 86_400)], scopes: GivenGroups(),
                feed: feed, log: log.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await manager.run() }
                defer { group.cancelAll() }
                _ = try await manager.model(kind)
                try await body(manager)
            }
        }

        private static func model(_ manager: CollectorManager) async throws -> ModelRoot {
            try #require(try await manager.model("compute").model as? ModelRoot)
        }

        /// Waits until the followed model is what Nova and Placement say, and the condition holds.
        private func equalsNova(
            _ manager: CollectorManager, _ condition: (ModelRoot) throws -> Bool,
            location: SourceLocation = #_sourceLocation
        ) async throws {
            let plain = NovaCollector(api: cloud.api) { _ in }
            var differences: [String] = []
            let isSo = try await Self.holds {
                let fresh = try #require(try await plain.execute() as? ModelRoot)
                let model = try await Self.model(manager)
                differences = ModelDifference.lines(from: model, to: fresh)
                return (try? condition(model)) == true && model.isIsomorphic(to: fresh)
            }
            // What a model built now has otherwise.
            try #require(isSo, "\(differences) \(log.lines)", sourceLocation: location)
        }

        private static func wait(
            _ location: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
        ) async throws {
            try #require(try await holds(condition), "it did not come to that", sourceLocation: location)
        }

        /// Whether the condition comes to hold within two minutes.
        private static func holds(_ condition: () async throws -> Bool) async throws -> Bool {
            let deadline = ContinuousClock.now + .seconds(120)
            while ContinuousClock.now < deadline {
                if try await condition() { return true }
                try await Task.sleep(for: .milliseconds(200))
            }
            return false
        }
    }
}

/// Counts how often a model is built through it.
private final class CountingCloud: CloudAPI {
    let api: CloudDocuments
    private let count = Mutex(0)

    init(api: CloudDocuments) { self.api = api }

    var buildings: Int { count.withLock { $0 } }

    func get(_ request: CloudRequest) async throws -> JSONValue {
        if request.path == "servers/detail" { count.withLock { $0 += 1 } }
        return try await api.get(request)
    }
}
