// SPDX-License-Identifier: Apache-2.0
import Foundation
import Settings
import Telemetry
import TestSupport
import Testing

@testable import Publishers

/// What `gnocchi_resources.yaml` says, and what is found wrong of it.
@Suite struct GnocchiDefinitionsTests {
    private static let shipped = URL(filePath: #filePath).appending(path: "../../../../conf/gnocchi_resources.yaml")
        .standardized

    private func definitions(_ text: String) throws -> GnocchiDefinitions {
        try GnocchiDefinitions(file: "g.yaml", text: text)
    }

    private func lines(_ text: String) -> [String] {
        do {
            _ = try definitions(text)
            return []
        } catch {
            return (error as? Mistakes)?.inOrder.map(\.description) ?? ["\(error)"]
        }
    }

    private func sample(_ meter: String, _ metadata: Metadata) -> Sample {
        Sample(Meter(meter, .gauge, unit: "B"), 1, of: Resource(id: "r", projectID: "p", metadata: metadata), at: .now)
    }

    @Test func theFileThatComesWithUsHasEveryMeterOfOurs() throws {
        let definitions = try GnocchiDefinitions(
            file: "g.yaml", text: String(contentsOf: Self.shipped, encoding: .utf8))
        for meter in [
            "cpu", "cpu_util", "power.state", "instance", "memory.swap.in", "disk.read.bytes.rate", "disk.iops",
            "perf.cache.misses", "disk.root.size",
        ] {
            #expect(definitions.resource(of: meter)?.definition.type == "instance", "\(meter)")
        }
        #expect(definitions.resource(of: "disk.device.read.latency")?.definition.type == "instance_disk")
        #expect(
            definitions.resource(of: "network.incoming.bytes.delta")?.definition.type == "instance_network_interface")
        #expect(
            definitions.resource(of: "volume.provider.pool.capacity.free")?.definition.type == "volume_provider_pool")
        #expect(definitions.resource(of: "cpu")?.metric.archivePolicy == "ceilometer-low-rate")
        #expect(definitions.resource(of: "nothing.of.the.kind") == nil)
        let used = definitions.resources.flatMap(\.metrics).compactMap(\.archivePolicy) + [definitions.defaultPolicy]
        #expect(Set(used).isSubset(of: Set(definitions.policies.map(\.name))))
    }

    @Test func thePathOfAnAttributeTakesTheFirstThatIsThere() throws {
        let text = """
            resources:
              - resource_type: instance
                metrics: {cpu: }
                attributes:
                  host: resource_metadata.(instance_host|host)
                  flavor: resource_metadata.(a|(flavor.id)|b)
                  project: project_id
                  missing: resource_metadata.flavor.none
            """
        let definition = try #require(try definitions(text).resource(of: "cpu")?.definition)
        let attributes = definition.attributes(
            of: sample("cpu", ["host": "cn1", "a": nil, "flavor": .object(["id": 7]), "b": "last"]))
        #expect(attributes.map { "\($0.name)=\($0.value.text ?? "")" } == ["host=cn1", "flavor=7", "project=p"])
    }

    @Test func metersAreNamesOrWildcardsAndMayHaveAPolicyOfTheirOwn() throws {
        let text = """
            archive_policy_default: high
            resources:
              - resource_type: a
                metrics: {disk.*: {archive_policy_name: low}, cpu: {unit: s}}
              - resource_type: b
                metrics: [one, two]
                event_delete: [x.delete.end, y.delete.end]
            """
        let definitions = try definitions(text)
        #expect(definitions.defaultPolicy == "high")
        #expect(definitions.resource(of: "disk.read")?.metric.archivePolicy == "low")
        #expect(definitions.resource(of: "cpu")?.metric.unit == "s")
        #expect(definitions.resource(of: "two")?.definition.endingEvents == ["x.delete.end", "y.delete.end"])
    }

    @Test(arguments: [
        ("resources: []", "g.yaml:1: resources: an empty list; allowed: a list of resources, not empty"),
        ("resources:\n  - {resource_type: a}", "g.yaml:2: resources[0]: a resource without metrics"),
        ("resources:\n  - {resource_type: a, metrcs: {b: }}", "unknown name \"metrcs\""),
        ("resources:\n  - {resource_type: a/b, metrics: {b: }}", "\"a/b\"; allowed: letters, digits, _ and -"),
        (
            "resources:\n  - {resource_type: a, metrics: {b: }, attributes: {c: 'x.(y'}}",
            "resources[0].attributes.c: \"x.(y\"; allowed: names with dots between them"
        ),
        (
            "resources:\n  - {resource_type: a, metrics: {b: }, attributes: {c: {fields: x}}}",
            "allowed: the path of a value; Ceilometer's plugin forms are not available"
        ),
        (
            "archive_policies: [{name: a}]\nresources:\n  - {resource_type: a, metrics: {b: }}",
            "archive_policies[0]: a archive policy without definition"
        ),
        ("resources:\n  - {resource_type: a, metrics: {b: {policy: x}}}", "unknown name \"policy\""),
    ])
    func mistakesAreNamed(text: String, words: String) {
        let lines = lines(text)
        #expect(lines.count == 1)
        #expect(lines.first?.contains(words) == true, "\(lines)")
    }

    @Test func aURLWithoutTheFileIsToldWhereItWasLookedFor() throws {
        let text = "gnocchi+http://admin@h:8041?resources_definition_file=none.yaml"
        do {
            _ = try made(text)
            Issue.record("made without its file")
        } catch {
            #expect(
                "\(error)".contains(
                    "\"none.yaml\", which isn't there; allowed: a file that tells Gnocchi's resource types"),
                "\(error)")
        }
    }
}
