// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors
import Testing

/// Notifications from files, and what they change.
@Suite struct NotificationFileTests {
    private let bare = #"{"event_type": "service.update", "publisher_id": "nova-compute:a", "payload": {"x": 1}}"#

    @Test func theyMayStandBareOrWrappedOnLinesOrInAnArray() throws {
        let envelope = JSONValue.object(["oslo.version": "2.0", "oslo.message": .string(bare)]).json
        let saved = JSONValue.object(["exchange": "nova", "body": .string(envelope)]).json
        for text in ["\(bare)\n\(envelope)\n\n\(saved)\n", "[\(bare), \(envelope),\n \(saved)]"] {
            let read = try NotificationFile.read(text)
            #expect(read.map(\.eventType) == ["service.update", "service.update", "service.update"])
            #expect(read.allSatisfy { $0.publisherID == "nova-compute:a" && $0.payload["x"] == 1 })
        }
    }

    @Test(arguments: [
        ("{\"event_type\": \"a\"}\n{oops", "line 2: "), ("{\"event\": 1}", "notification 1 has no event_type"),
        ("[{\"event_type\": \"a\"},", "line 1: the document ends where"),
    ])
    func whatIsNoneIsNamedWithItsPlace(text: String, message: String) {
        #expect {
            try NotificationFile.read(text)
        } throws: { error in
            "\(error)".contains(message)
        }
    }

    private let model = """
        <ModelRoot>
          <ComputeNode uuid="n1" hostname="a" vcpus="8" memory="8192" disk="100">
            <Instance uuid="i1" name="x" vcpus="2" memory="2048" disk="10"/>
          </ComputeNode>
          <ComputeNode uuid="n2" hostname="b" vcpus="8" memory="8192" disk="100"/>
        </ModelRoot>
        """

    @Test func aChangeIsToldInWords() throws {
        let old = try ModelRoot(xml: model)
        var new = old
        let instance = try new.instanceID(uuid: "i1")
        new[instance].state = .paused
        new.map(instance, to: try new.nodeID(hostname: "b"))
        new[try new.nodeID(hostname: "a")].status = .disabled
        new.add(Instance(uuid: "i2"))
        #expect(
            ModelDifference.lines(from: old, to: new) == [
                "node a: status enabled -> disabled", "instance x: moved from a to b, state active -> paused",
                "instance i2: new",
            ])
        #expect(ModelDifference.lines(from: new, to: old).first == "instance i2: gone")
        #expect(ModelDifference.lines(from: old, to: old) == [])
    }

    @Test func volumesAndPoolsAreToldToo() throws {
        var old = StorageModelRoot()
        old.add(StorageNode(host: "h@l"))
        for pool in ["h@l#1", "h@l#2"] { old.add(Pool(name: pool)) }
        old.add(Volume(uuid: "v"))
        try old.map(volume: "v", to: "h@l#1")
        var new = old
        try new.map(volume: "v", to: "h@l#2")
        #expect(ModelDifference.lines(from: old, to: new) == ["volume v: moved from h@l#1 to h@l#2"])
    }

    @Test func aTableHasWhatIsUsedOfEachNode() throws {
        #expect(
            ModelTable.rows(try ModelRoot(xml: model)).dropFirst() == [
                ["a", "enabled", "1", "2", "8", "2048", "8192", "10", "100"],
                ["b", "enabled", "0", "0", "8", "0", "8192", "0", "100"],
            ])
    }

    @Test func scopesOfZonesNeedToBeToldWhatTheyAre() throws {
        let zones: JSONValue = [["compute": [["availability_zones": [["name": "left"]]]]]]
        let model = try ModelRoot(xml: model)
        #expect(throws: AuditScope.Mistake.self) {
            try GivenGroups().narrow(model, to: zones, heedsMetadata: false)
        }
        let groups = try GivenGroups(json: ["services": [["host": "b", "zone": "left", "binary": "nova-compute"]]])
        let narrowed = try groups.narrow(model, to: zones, heedsMetadata: false).model as? ModelRoot
        #expect(narrowed?.allNodes.map(\.hostname) == ["b"])
        #expect(throws: ModelFormatError.self) { try GivenGroups(json: ["zones": []]) }
    }
}
