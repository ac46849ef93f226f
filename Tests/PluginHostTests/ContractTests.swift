// SPDX-License-Identifier: Apache-2.0
import Foundation
import HypsometerKit
import PluginHost
import TestSupport
import Testing

/// What an author's type gives on one side of the protocol is what the host gets on the other.
@Suite(.timeLimit(.minutes(2))) struct ContractTests {
    private let bench: Bench

    init() throws { bench = try Bench() }

    private func loaded(_ configuration: String = "", entries: String = Bench.exampleEntries) async throws
        -> LoadedPlugins
    {
        try bench.install("example", entries: entries)
        let loaded = try await bench.load(configuration)
        #expect(bench.errors == [])
        return loaded
    }

    private let resources = [
        Resource(id: "vm-1", projectID: "p", userID: "u", metadata: ["name": "web \"1\"", "vcpus": 2]),
        Resource(id: "vm-2"),
    ]

    @Test func aPollstersSamplesCarryItsResources() async throws {
        let pollster = try #require(try await loaded("[ceilometer.poll.compute.echo]\nvolume = 2.5\n").pollsters.first)
        #expect(
            pollster.meters == [
                Meter("echo.polls", .cumulative, unit: "poll"), Meter("echo.volume", .gauge, unit: ""),
            ])
        let cycle = PollingCycle.test(.seconds(60))
        let samples = try await pollster.make().poll(resources, meters: ["echo.polls", "echo.volume"], in: cycle)
        #expect(samples.map(\.name) == ["echo.polls", "echo.volume", "echo.polls", "echo.volume"])
        #expect(samples.map(\.volume) == [1, 2.5, 1, 2.5])
        #expect(samples.map(\.unit) == ["poll", "", "poll", ""])
        #expect(samples.map(\.resourceID) == ["vm-1", "vm-1", "vm-2", "vm-2"])
        #expect(samples.map(\.projectID) == ["p", "p", nil, nil] && samples[0].userID == "u")
        #expect(samples[0].resourceMetadata == resources[0].metadata && samples[2].resourceMetadata.isEmpty)
        #expect(samples.allSatisfy { $0.timestamp == cycle.timestamp && $0.source == "openstack" })
        #expect(Set(samples.map(\.id)).count == 4)
        let read = try #require(samples[1].monotonicTime)
        #expect(abs(read.seconds(since: .now)) < 60 && samples[0].monotonicTime == nil)
    }

    @Test func metersThatNobodyWantsAreNotPolled() async throws {
        let pollster = try #require(try await loaded().pollsters.first).make()
        let samples = try await pollster.poll(resources, meters: ["echo.volume"], in: .test(.seconds(60)))
        #expect(samples.map(\.name) == ["echo.volume", "echo.volume"])
    }

    @Test func whatAPollsterRemembersBelongsToOneListOfResources() async throws {
        let registration = try #require(try await loaded().pollsters.first)
        let (one, other) = (registration.make(), registration.make())
        func count(_ pollster: any Pollster) async throws -> Volume? {
            try await pollster.poll([resources[0]], meters: ["echo.polls"], in: .test(.seconds(60))).first?.volume
        }
        #expect(try await [count(one), count(one), count(other), count(one)] == [1, 2, 1, 3])
    }

    @Test func aResourceThatIsRefusedForGoodIsNamedAndTheOthersSamplesCome() async throws {
        let pollster = try #require(try await loaded().pollsters.first).make()
        do {
            _ = try await pollster.poll(
                [resources[0], Resource(id: "vm-gone")], meters: ["echo.polls"], in: .test(.seconds(60)))
            Issue.record("nothing was thrown")
        } catch let error as PollsterPermanentError {
            #expect(error.resourceIDs == ["vm-gone"] && error.description == "plug-in example: no such domain")
            #expect(error.samples.map(\.resourceID) == ["vm-1"])
        }
    }

    @Test func aDiscoverysResourcesComeWithAllTheyHave() async throws {
        let discovery = try #require(try await loaded().discoveries.first)
        #expect(discovery.name == "pair" && discovery.namespaces == ["central", "compute", "ipmi"])
        let found = try await discovery.discovery.discover("host", in: .test(.seconds(60)))
        #expect(
            found == [
                Resource(id: "host-1", projectID: "p-1", metadata: ["rank": 1]),
                Resource(id: "host-2", userID: "u-2", metadata: ["rank": 2]),
            ])
        #expect(try await discovery.discovery.discover(nil, in: .test(.seconds(60))).first?.id == "pair-1")
    }

    @Test func aPublisherGetsEverySampleOnce() async throws {
        let offer = try #require(try await loaded().publishers.first)
        #expect(offer.scheme == "lines" && offer.options == ["prefix"])
        let path = bench.directory("out")
        let publisher = try await Task.offPool { try offer.make(location: path, options: ["prefix": "> "]) }
        let meter = Meter("cpu", .cumulative, unit: "ns")
        // More than go in one call.
        let samples = (0..<4500).map {
            Sample(meter, Volume($0), of: Resource(id: "vm-\($0)"), in: .test(.seconds(60)))
        }
        try await publisher.publish(samples)
        let lines = try bench.directory.text("out").split(separator: "\n")
        #expect(lines.count == 4500 && lines.first == "> cpu 0 vm-0" && lines.last == "> cpu 4499 vm-4499")
    }

    @Test func aURLThatAPublisherDoesNotTakeIsRefusedBeforeItIsUsed() async throws {
        let offer = try #require(try await loaded().publishers.first)
        await #expect(throws: PluginRefusal.self) {
            try await Task.offPool { try offer.make(location: "relative", options: [:]) }
        }
    }

    @Test func aPublisherWhoseReceiverIsGoneSaysSo() async throws {
        let offer = try #require(try await loaded().publishers.first)
        let publisher = try await Task.offPool { try offer.make(location: "/gone/x", options: [:]) }
        let sample = Sample(Meter("a", .gauge, unit: ""), 1, of: Resource(id: "a"), in: .test(.seconds(60)))
        await #expect(throws: PublisherGone("plug-in example: nobody reads /gone/x")) {
            try await publisher.publish([sample])
        }
    }

    @Test func aNotificationPluginsSamplesSayAllThemselves() async throws {
        let loaded = try await loaded(entries: "[ceilometer.notification]\ninstances = InstanceNotifications\n")
        let plugin = try #require(loaded.notifications.first)
        #expect(plugin.eventTypes == ["compute.instance.create.*"])
        let time = Timestamp(microseconds: 1_000_000)
        let samples = try await plugin.process(
            NotificationMessage(
                eventType: "compute.instance.create.end", publisherID: "compute.one", timestamp: time,
                payload: ["instance_id": "vm-1", "memory_mb": 512]))
        #expect(samples.map(\.name) == ["memory"] && samples.map(\.unit) == ["MiB"])
        #expect(samples.map(\.volume) == [512] && samples[0].timestamp == time && samples[0].resourceID == "vm-1")
    }

    @Test func optionsThatAreWrongAreToldByThePlugin() async throws {
        try bench.install("example", entries: Bench.exampleEntries)
        let loaded = try await bench.load("[ceilometer.poll.compute.echo]\nvolume = much\n")
        #expect(loaded.pollsters.isEmpty && loaded.hasGaps)
        #expect(
            bench.errors == [
                "error: plug-in not loaded: example.entry_points: plug-in example refused to start: "
                    + "[ceilometer.poll.compute.echo] volume: found much; allowed: a number"
            ])
    }

    /// The example of Ceilometer's guide for authors of plug-ins.
    @Test(arguments: [("lxc", false), ("kvm", true)])
    func aLibvirtPluginTakesNoPartWhereAnotherHypervisorIsConfigured(_ type: String, _ takesPart: Bool) async throws {
        try bench.install("example", entries: "[ceilometer.poll.compute]\nlibvirt = LibvirtPollster\n")
        let loaded = try await bench.load(shared: ["DEFAULT": ["libvirt_type": type]])
        #expect(loaded.pollsters.map(\.name) == (takesPart ? ["libvirt"] : []))
        #expect(bench.errors == [])
        #expect(
            bench.log.lines.contains("notice: plug-in example takes no part: polls kvm and qemu; configured is lxc")
                != takesPart)
        if !takesPart {
            while try !bench.left.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        }
    }
}
