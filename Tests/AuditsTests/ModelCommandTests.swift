// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Foundation
import TestSupport
import Testing

/// `hypsometer model` as an operator starts it.
@Suite struct ModelCommandTests {
    private let directory: TemporaryDirectory
    private let cluster = AuditCommandTests.root.appending(path: "Examples/what-if/cluster.json").path

    init() throws { directory = try TemporaryDirectory() }

    private func model(_ arguments: String...) async throws -> (status: Int32, output: String, error: String) {
        try await onThread {
            try Shell.run(Bundle.main.bundleURL.appending(path: "hypsometer").path, ["model"] + arguments)
        }
    }

    @Test func aFileIsShownInEachForm() async throws {
        let table = try await model("show", "--model", cluster)
        #expect(table.output.contains("rack2-b  enabled  1          2      60  2048    126976  10   980\n"))
        let xml = try directory.write(try await model("show", "--model", cluster, "--format", "xml").output, to: "x")
        // Through Watcher's form and back into ours, it is the same cluster.
        let again = try await model("show", "--model", xml, "--format", "json").output
        let models = try [again, String(contentsOfFile: cluster, encoding: .utf8)].map {
            try ModelRoot(json: try JSONValue(parsing: $0))
        }
        #expect(models[0].isIsomorphic(to: models[1]))
    }

    @Test func aScopeLeavesWhatItSays() async throws {
        let scope = #"[{"compute": [{"exclude": [{"compute_nodes": [{"name": "rack3-b"}]}]}]}]"#
        let outcome = try await model("scope", "--model", cluster, "--scope", scope)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("rack3-a") && !outcome.output.contains("rack3-b"))
        let wrong = try await model("scope", "--model", cluster, "--scope", "[{\"compute\": [{\"exclud\": []}]}]")
        #expect(wrong.status == 2)
        #expect(
            wrong.error == """
                hypsometer: --scope: The scope has "exclud" at /0/compute/0; allowed: availability_zones, exclude, \
                host_aggregates. Did you mean exclude?

                """)
    }

    @Test func recordedNotificationsAreReplayed() async throws {
        let notifications = try directory.write(
            """
            {"publisher_id": "nova-compute:rack2-b", "event_type": "service.update", "payload": {"nova_object.data": \
            {"host": "rack2-b", "disabled": true, "disabled_reason": "fan", "forced_down": false}}}
            {"publisher_id": "nova-api:x", "event_type": "instance.delete.end", "payload": {"nova_object.data": {}}}
            """, to: "n.jsonl")
        let outcome = try await model("replay", "--model", cluster, "--notifications", notifications)
        #expect(
            outcome.output
                == "service.update  node rack2-b: status enabled -> disabled, disabled_reason null -> fan\n")
        // The second one tells of no instance: said, and the status is that something failed.
        #expect(outcome.status == 1 && outcome.error.contains("n.jsonl: instance.delete.end: "))
    }

    @Test func ofHypervisorsItIsBuiltAnew() async throws {
        let node = try NodeFile(instances: 3)
        let outcome = try await model("show", "--libvirt-uri", node.uri)
        #expect(outcome.status == 0)
        #expect(outcome.error == "")
        #expect(outcome.output.split(separator: "\n").last?.contains("enabled  3") == true)
    }

    @Test func whoIsAskedStandsInTheConfigurationToo() async throws {
        let node = try NodeFile(instances: 2)
        let configuration = try directory.write(
            "[watcher_cluster_data_model_collectors.libvirt]\nuris = \(node.uri)\nperiod = 60\n", to: "h.conf")
        var outcome = try await model("show", "libvirt", "--format", "json", "--config-file", configuration)
        let shown = try ModelRoot(json: try JSONValue(parsing: outcome.output))
        #expect(shown.allInstances.map(\.name) == ["vm-1", "vm-2"])
        outcome = try await model("show", "libvrt", "--config-file", configuration)
        #expect(outcome.status == 1 && outcome.error.contains("no collector makes the model libvrt; there are libvirt"))
        let wrong = try directory.write("[watcher_cluster_data_model_collectors.libvirt]\nuri = x\n", to: "w.conf")
        outcome = try await model("show", "--config-file", wrong)
        #expect(
            outcome.status == 2 && outcome.error.contains("w.conf:2:") && outcome.error.contains("did you mean uris?"))
    }

    @Test func nobodyToAskIsSaid() async throws {
        let outcome = try await model("show", "--config-file", try directory.write("", to: "empty.conf"))
        #expect(outcome.status == 2 && outcome.error.contains("no collector that has anybody to ask"))
    }
}
