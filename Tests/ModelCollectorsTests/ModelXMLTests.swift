// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors
import Testing

@Suite struct ModelXMLTests {
    private func model(instanceNamed name: String, metadata: JSONObject) -> ModelRoot {
        var node = ComputeNode(uuid: "n")
        node.hostname = "h"
        node.vcpuRatio = 1.5
        node.disabledReason = .null
        var instance = Instance(uuid: "i")
        instance.name = name
        instance.metadata = metadata
        instance.created = CreationTime("2026-02-09T18:55:13Z")
        var model = ModelRoot()
        model.map(model.add(instance), to: model.add(node))
        return model
    }

    @Test func isLaidOutAsTheOlderSystemDoesIt() {
        #expect(
            model(instanceNamed: "a<b>&\"é", metadata: ["k": [true, nil, 1.0, "it's"]]).xml == """
                <ModelRoot>
                  <ComputeNode hostname="h" status="enabled" disabled_reason="None" state="up" vcpu_ratio="1.5" uuid="n">
                    <Instance watcher_exclude="False" name="a&lt;b&gt;&amp;&quot;&#233;" state="active" \
                metadata="{'k': [True, None, 1.0, &quot;it's&quot;]}" locked="False" \
                created="2026-02-09 18:55:13+00:00" pinned_az="" flavor_extra_specs="{}" uuid="i"/>
                  </ComputeNode>
                </ModelRoot>

                """)
    }

    @Test(arguments: ["plain", "it's", "\"both\" it's", "tab\tline\nback\\slash é 😀"])
    func readsWhatItWrites(text: String) throws {
        let model = model(instanceNamed: text, metadata: [text: .string(text), "n": [1, 2.5, [:], true, nil]])
        #expect(try ModelRoot(xml: model.xml) == model)
    }

    @Test func metadataMayBeJSON() throws {
        let xml = #"<ModelRoot><Instance uuid="i" metadata='{"a": [true, null, "\ud83d\ude00"]}' id="7"/></ModelRoot>"#
        #expect(try ModelRoot(xml: xml).instance(uuid: "i").metadata == ["a": [true, nil, "😀"]])
    }

    @Test func anEmptyModelIsOneLine() throws {
        #expect(ModelRoot().xml == "<ModelRoot/>\n")
        #expect(try ModelRoot(xml: "<ModelRoot/>").nodeCount == 0)
    }

    @Test func storageIsReadAsItIsWritten() throws {
        var volume = Volume(uuid: "v")
        volume.attachments = [.init(serverID: "s", attachmentID: "a")]
        volume.snapshotID = .null
        var model = StorageModelRoot()
        var node = StorageNode(host: "h@b")
        node.volumeTypes = ["t"]
        model.add(node)
        model.add(Pool(name: "h@b#p"))
        try model.map(pool: "h@b#p", to: "h@b")
        model.add(volume)
        try model.map(volume: "v", to: "h@b#p")
        model.add(Volume(uuid: "lost"))
        #expect(try StorageModelRoot(xml: model.xml) == model)
        #expect(model.xml.contains("volume_type=\"['t']\""))
        let single = "<ModelRoot><StorageNode host=\"h@b\" volume_type=\"t\"/></ModelRoot>"
        #expect(try StorageModelRoot(xml: single).node(named: "h@b").volumeTypes == ["t"])
    }

    @Test(arguments: [
        ("<Other/>", "a document of Other; allowed: ModelRoot"),
        ("<ModelRoot><Instance/></ModelRoot>", "Instance without uuid"),
        ("<ModelRoot><Disk/></ModelRoot>", "an element Disk inside ModelRoot, which has none of that name"),
        (
            "<ModelRoot><ComputeNode uuid=\"n\" memory=\"-1\"/></ModelRoot>",
            "ComputeNode n: memory is -1; allowed: a whole number from 0 to 1099511627776"
        ),
        (
            "<ModelRoot><Instance uuid=\"i\" locked=\"perhaps\"/></ModelRoot>",
            "Instance i: locked is \"perhaps\"; allowed: true or false"
        ),
    ])
    func aMistakeIsNamed(xml: String, message: String) {
        #expect {
            try ModelRoot(xml: xml)
        } throws: { error in
            "\(error)" == message
        }
    }
}
