// SPDX-License-Identifier: Apache-2.0
import Foundation
import Libvirt
import Logging
import Settings
import Telemetry
import TestSupport
import Testing
import Wire

@testable import ComputePollsters

/// Our samples against those that Ceilometer made of the same domains: every one that it sent is there, and the same
/// in all but what changes from poll to poll.
@Suite(.enabled(if: RecordedSamples.areThere, "the recorded samples are not beside the project"))
struct CeilometerSampleTests {
    /// As the recording agent was called.
    private let host = "compute-1"
    /// What neither time nor load changes.
    private let fixedMeters: Set<String> = [
        "power.state", "vcpus", "memory", "disk.root.size", "disk.ephemeral.size", "disk.device.capacity",
    ]

    @Test func samplesOfTheTestDriversDomainsAreTheSame() async throws {
        let node = RecordedSamples.folder.appending(path: "test-3.node.xml").path
        let samples = try await samples(uri: "test://\(node)")
        let fixed = fixedMeters.union(["disk.device.allocation", "disk.device.usage"])
        try compare(samples, with: RecordedSamples.messages("test-3.samples.jsonl"), fixed: fixed)
    }

    /// The two recorded domains, started again: with their own names, metadata and devices, on disks and a bridge of
    /// ours.
    @Test(.enabled(if: HypervisorLab.unavailable == nil, "\(HypervisorLab.unavailable ?? "")"), .timeLimit(.minutes(2)))
    func samplesOfRealDomainsAreTheSame() async throws {
        let lab = try await HypervisorLab.start { lab in
            for index in 1...2 {
                try lab.define(recordedDomain(index, on: lab))
                try lab.virsh("start", "instance-0001000\(index)")
            }
        }
        defer { lab.purge() }
        let samples = try await samples(uri: lab.uri)
        try compare(samples, with: RecordedSamples.messages("qemu-2of100.samples.jsonl"), fixed: fixedMeters)
    }

    private func recordedDomain(_ index: Int, on lab: HypervisorLab) throws -> String {
        let file = /<source file="([^"]+)"\/>/
        let images = try lab.domainXML(index).matches(of: file).map { String($0.1) }
        var xml = try RecordedSamples.text("qemu-\(index).domain.xml")
            .replacing(#"bridge="br-peer""#, with: #"bridge="lab""#)
        for (recorded, image) in zip(xml.matches(of: file).map { String($0.1) }, images) {
            xml = xml.replacing(recorded, with: image)
        }
        return xml
    }

    /// All samples of one poll, as the wire shows them.
    private func samples(uri: String) async throws -> [RecordedSamples.Key: NSDictionary] {
        let settings = try ComputeSettings(
            Configuration(
                documents: [], environment: [:],
                overrides: ["DEFAULT": ["libvirt_uri": uri, "host": host], "compute": ["cpu_source": "vcpu"]]))
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let plugins = ComputePlugins(settings, isPatient: false, log: log)
        let meters = Set(plugins.pollsters.flatMap { $0.meters.map(\.name) })
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(60), meters: meters)
        let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle)
        var samples: [RecordedSamples.Key: NSDictionary] = [:]
        for registration in plugins.pollsters {
            let own = Set(registration.meters.map(\.name))
            for sample in try await registration.make().poll(resources, meters: own, in: cycle) {
                let line = try JSONSerialization.jsonObject(with: Data(JSONLines.of([sample])))
                samples[.init(meter: sample.name, resource: sample.resourceID)] = line as? NSDictionary
            }
        }
        return samples
    }

    private func compare(
        _ samples: [RecordedSamples.Key: NSDictionary], with recorded: [RecordedSamples.Key: NSDictionary],
        fixed: Set<String>
    ) throws {
        #expect(!recorded.isEmpty)
        for (key, message) in recorded {
            guard let ours = samples[key] else {
                Issue.record("no sample of \(key.meter) for \(key.resource)")
                continue
            }
            var names = [
                "name": "counter_name", "type": "counter_type", "unit": "counter_unit", "user_id": "user_id",
                "user_name": "user_name", "project_id": "project_id", "project_name": "project_name",
                "resource_id": "resource_id", "source": "source",
            ]
            if fixed.contains(key.meter) { names["volume"] = "counter_volume" }
            for (own, theirs) in names {
                #expect(ours[own] as? NSObject == message[theirs] as? NSObject, "\(key.meter) \(own)")
            }
            let metadata = try #require(ours["resource_metadata"] as? [String: NSObject])
            let expected = try #require(message["resource_metadata"] as? [String: NSObject])
            for name in Set(metadata.keys).union(expected.keys).sorted() {
                // Where Ceilometer knew no cpu_number (the test driver lacks the figures it takes it from) we may.
                if name == "cpu_number", expected[name] is NSNull { continue }
                #expect(bridged(metadata[name]) == expected[name], "\(key.meter) \(name)")
            }
        }
    }

    /// With the name of the recorded bridge.
    private func bridged(_ value: NSObject?) -> NSObject? {
        guard var parameters = value as? [String: NSObject], parameters["bridge"] as? String == "lab" else {
            return value
        }
        parameters["bridge"] = "br-peer" as NSString
        return parameters as NSDictionary
    }
}
