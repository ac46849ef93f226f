// SPDX-License-Identifier: Apache-2.0
import Audits
import CLibvirt
import ClusterModel
import Foundation
import LibvirtCollector
import Logging
import ModelCollectors
import Synchronization
import TestSupport
import Testing

/// Models of libvirt's hypervisors, built and kept up to date by events alone.
@Suite(.timeLimit(.minutes(2))) struct LibvirtCollectorTests {
    private let uuids = (1...3).map { "00000000-0000-4000-8000-00000000000\($0)" }

    @Test func everyDomainIsAnInstanceOnItsHost() async throws {
        let node = try NodeFile([("running", uuids[0], 1), ("paused", uuids[1], 3), ("off", uuids[2], 5)])
        let collector = LibvirtCollector(uris: [node.uri]) { Issue.record("skipped: \($0)") }
        let model = try #require(try await collector.execute() as? ModelRoot)
        #expect(model.allNodes.map(\.uuid) == [node.uri])
        let states = Dictionary(uniqueKeysWithValues: model.allInstances.map { ($0.name, $0.state) })
        #expect(states == ["running": .active, "paused": .paused, "off": .stopped])
        let id = try #require(model.nodeIDs.first)
        #expect(model.used(of: id).vcpus == 6)
        #expect(model[id].isAvailable && model[id].capacity.vcpus > 0 && model[id].capacity.memory > 0)
    }

    @Test func aHypervisorThatDoesNotAnswerIsNamedAndTheOthersMakeTheModel() async throws {
        let node = try NodeFile([("running", uuids[0], 1)])
        let skipped = Mutex<[String]>([])
        let collector = LibvirtCollector(uris: ["test:///nowhere.xml", node.uri]) { text in
            skipped.withLock { $0.append(text) }
        }
        let model = try #require(try await collector.execute() as? ModelRoot)
        #expect(model.nodeCount == 1)
        #expect(skipped.withLock { $0.count } == 1)
        #expect(skipped.withLock { $0.first }?.contains("test:///nowhere.xml") == true)
        await #expect(throws: (any Error).self) {
            try await LibvirtCollector(uris: ["test:///nowhere.xml"]) { _ in }.execute()
        }
    }

    /// `test:///default` is one hypervisor for the whole process, so that what another connection does is heard.
    @Test func whatHappensToADomainIsFollowed() async throws {
        let connection = try #require(virConnectOpen("test:///default"))
        defer { virConnectClose(connection) }
        let name = "followed"
        let xml =
            "<domain type='test'><name>\(name)</name><memory unit='MiB'>512</memory><vcpu>3</vcpu>"
            + "<os><type>hvm</type></os></domain>"
        try await Following(["test:///default"]).run { following in
            let domain = try #require(virDomainCreateXML(connection, xml, 0))
            defer { virDomainFree(domain) }
            let seen = try await following.until { $0.instance(named: name) != nil }
            let instance = try #require(seen.instance(named: name))
            #expect(instance.memory == 512 && instance.vcpus == 3 && instance.state == .active)
            #expect(virDomainSuspend(domain) == 0)
            _ = try await following.until { $0.instance(named: name)?.state == .paused }
            #expect(virDomainDestroy(domain) == 0)
            _ = try await following.until { $0.instance(named: name) == nil }
        }
    }

    @Test(.enabled(if: HypervisorLab.unavailable == nil, "no hypervisor can be started here"))
    func realDomainsAreFollowedAndARestartedDaemonIsFoundAgain() async throws {
        let lab = try await HypervisorLab.start { try $0.startDomains(1...2) }
        try await Following([lab.uri]).run { try await follow(lab, $0) }
        lab.purge()
    }

    private func follow(_ lab: HypervisorLab, _ following: Following) async throws {
        let first = try await following.until { $0.instanceCount == 2 }
        let instance = try first.instance(uuid: HypervisorLab.uuid(1))
        // What nova wrote into it goes before libvirt's own figures.
        #expect(instance.projectID.text != nil && instance.name != HypervisorLab.name(1))

        try await onThread { try lab.destroyDomains(1...1) }
        _ = try await following.until { $0.instanceCount == 1 }
        try await onThread { try lab.killDaemon(SIGKILL) }
        _ = try await following.until { $0.allNodes.first?.state == .down }
        try await onThread { try lab.startDaemon() }
        _ = try await following.until { $0.allNodes.first?.state == .up && $0.instanceCount == 1 }
        try await onThread { try lab.startDomains(3...3) }
        let last = try await following.until { $0.instanceCount == 2 }
        // Followed by events alone, it is what building it anew gives.
        let fresh = try await LibvirtCollector(uris: [lab.uri]) { _ in }.execute() as? ModelRoot
        #expect(fresh.map { last.isIsomorphic(to: $0) } == true)
    }
}

extension ModelRoot {
    fileprivate func instance(named name: String) -> Instance? { allInstances.first { $0.name == name } }
}

/// A collector's model, kept by events: its period is longer than any test.
private struct Following {
    private let manager: CollectorManager

    init(_ uris: [String]) {
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let collector = LibvirtCollector(uris: uris, pingInterval: .milliseconds(200)) { _ in }
        manager = CollectorManager(
            [CollectorRegistration("libvirt", kind: "compute", collector, period: 86400)], scopes: GivenGroups(),
            log: log)
    }

    func run(_ body: (Following) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [manager] in try await manager.run() }
            defer { group.cancelAll() }
            _ = try await manager.model("libvirt")
            try await body(self)
        }
    }

    /// The first model that is so.
    func until(_ condition: (ModelRoot) -> Bool) async throws -> ModelRoot {
        for await model in try await manager.changes(of: "libvirt") {
            if let model = model as? ModelRoot, condition(model) { return model }
        }
        throw CancellationError()
    }
}
