// SPDX-License-Identifier: Apache-2.0
import Foundation
import Libvirt
import Logging
import Settings
import Telemetry
import Testing
import Wire

@testable import ComputePollsters

/// Our samples against those that Ceilometer made of the same domains: all but what changes from poll to poll.
@Suite(.enabled(if: RecordedSamples.areThere, "the recorded samples are not beside the project"))
struct CeilometerSampleTests {
    /// As the recording agent was called.
    private let host = "compute-1"

    @Test func samplesOfTheTestDriversDomainsAreTheSame() async throws {
        let node = RecordedSamples.folder.appending(path: "test-3.node.xml").path
        let settings = try ComputeSettings(
            Configuration(
                documents: [], environment: [:],
                overrides: [
                    "DEFAULT": ["libvirt_uri": "test://\(node)", "host": host], "compute": ["cpu_source": "vcpu"],
                ]))
        let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let plugins = ComputePlugins(settings, isPatient: false, log: log)
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(10), meters: ["cpu"])
        let resources = try await plugins.discoveries[0].discovery.discover(nil, in: cycle)
        let samples = try await plugins.pollsters[0].make().poll(resources, meters: ["cpu"], in: cycle)

        let recorded = try RecordedSamples.messages("test-3.samples.jsonl", meter: "cpu")
        #expect(samples.count == 3)
        #expect(Set(samples.map(\.resourceID)) == Set(recorded.keys))
        for sample in samples {
            let message = try #require(recorded[sample.resourceID])
            try compare(sample, with: message)
        }
    }

    @Test(arguments: ["qemu-1", "qemu-2"])
    func metadataOfAQEMUDomainAreTheSame(name: String) throws {
        let xml = try RecordedSamples.text("\(name).domain.xml")
        let uuid = try #require(xml.firstMatch(of: /<uuid>(.*)<\/uuid>/)?.1)
        let message = try #require(
            try RecordedSamples.messages("qemu-2of100.samples.jsonl", meter: "cpu")[String(uuid)])
        let description = try DomainDescription(uuid: String(uuid), xml: xml)
        var resource = description.resource(host: host, state: .running)
        resource.metadata["cpu_number"] = .init(description.vcpus)
        let cycle = PollingCycle(number: 1, deadline: .now, meters: [])
        try compare(Sample(CPUPollster.cpu, 0, of: resource, in: cycle), with: message)
    }

    private func compare(_ sample: Sample, with message: NSDictionary) throws {
        let ours = try #require(try JSONSerialization.jsonObject(with: Data(JSONLines.of([sample]))) as? NSDictionary)
        let names = [
            "name": "counter_name", "type": "counter_type", "unit": "counter_unit", "user_id": "user_id",
            "user_name": "user_name", "project_id": "project_id", "project_name": "project_name",
            "resource_id": "resource_id", "source": "source",
        ]
        for (own, theirs) in names { #expect(ours[own] as? NSObject == message[theirs] as? NSObject, "\(own)") }
        let metadata = try #require(ours["resource_metadata"] as? NSDictionary)
        let expected = try #require(message["resource_metadata"] as? NSDictionary)
        let keys = Set(metadata.allKeys.compactMap { $0 as? String } + expected.allKeys.compactMap { $0 as? String })
        // Where Ceilometer knew no cpu_number (it takes it from figures that the test driver lacks) we may.
        let unknown = expected["cpu_number"] is NSNull ? "cpu_number" : ""
        for key in keys.sorted() where key != unknown {
            #expect(metadata[key] as? NSObject == expected[key] as? NSObject, "\(key)")
        }
    }
}
