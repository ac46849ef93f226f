// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import FleetExtensions
import Testing

/// What an author relies on before anything runs.
@Suite struct ExtensionContractTests {
    private struct Plain: FleetExtension {
        static let name = "ext_name"
        static let version = "1.0.0"
        static let description = "ext description"
    }

    @Test("T1: an extension says three things, and the rest has defaults")
    func anExtensionSaysThreeThingsAndTheRestHasDefaults() {
        #expect(Plain.fullName == "ext_name-1.0.0")
        #expect(Plain.tablePrefix == "ext_ext_name__")
        #expect(Plain.provides == [])
        #expect(Plain.migrations == [])
        #expect(Plain.checks == [])
        #expect(Plain.events == Set(FleetEvent.Kind.allCases))
        #expect(Plain().routes.isEmpty)
        #expect(Plain.failurePolicy == .refuse)
    }

    @Test(arguments: ["a", "additional_logger", "volume2_manager"]) func namesAreTaken(name: String) {
        #expect(ExtensionName.isValid(name))
    }

    @Test(arguments: ["", "A", "2a", "_a", "a_", "a__b", "a-b", "ä", "../a", String(repeating: "a", count: 65)])
    func namesAreRefused(name: String) {
        #expect(!ExtensionName.isValid(name))
    }

    @Test func prefixesDoNotNest() {
        let (short, long) = (ExtensionName.tablePrefix("volume"), ExtensionName.tablePrefix("volume_manager"))
        #expect(!long.hasPrefix(short))
        #expect(!short.hasPrefix(long))
    }

    @Test(arguments: [
        "1.0.0", "0.0.4", "1.2.3-alpha.1", "1.0.0+20130313144700", "1.0.0-beta+exp.sha.5114f85", "10.20.30",
    ])
    func semanticVersionsAreTaken(text: String) {
        #expect(SemanticVersion(text)?.description == text)
    }

    @Test(arguments: [
        "", "1", "1.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "v1.0.0", "1.0.0.0", "1.-1.0", "1.0.0-a_b",
    ])
    func otherVersionsAreRefused(text: String) {
        #expect(SemanticVersion(text) == nil)
    }

    @Test func anEventReadsBackAsItWasWritten() throws {
        let before = FleetNode(id: 7, mac: "52:54:00:12:34:56", name: "c7", labels: ["rack": "r1"])
        var after = before
        after.roles = ["compute"]
        after.meta = ["disks": [["name": "sda", "size": 1000]]]
        after.version = 2
        let event = FleetEvent(
            id: "ab", number: 3, kind: .nodeUpdate, time: "2026-11-21T10:00:00", nodeBefore: before, nodeAfter: after)
        #expect(event.changed == ["roles", "meta"])
        #expect(try FleetEvent(json: event.json) == event)
        let cluster = FleetEvent(
            id: "cd", number: 4, kind: .clusterDelete, time: "2026-11-21T10:00:00",
            clusterBefore: FleetCluster(id: 1, name: "a", extensions: ["x"]))
        #expect(try FleetEvent(json: cluster.json) == cluster)
    }
}
