// SPDX-License-Identifier: Apache-2.0
import Testing
import XMLTree

@Suite struct XMLElementTests {
    @Test func readsNamesAttributesAndTexts() throws {
        let domain = try XMLElement(
            parsing: "<domain type='kvm' id=\"7\"><name>vm-1</name><memory unit='KiB'>131072</memory></domain>")
        #expect(domain.name == "domain")
        #expect(domain.attributes == ["type": "kvm", "id": "7"])
        #expect(domain["name"]?.text == "vm-1")
        #expect(domain["memory"]?.attributes["unit"] == "KiB")
        #expect(domain["nosuch"] == nil)
    }

    @Test func keepsChildrenInTheirOrder() throws {
        let devices = try XMLElement(parsing: "<devices><disk n='1'/><interface/><disk n='2'/></devices>")
        #expect(devices.children.map(\.name) == ["disk", "interface", "disk"])
        #expect(devices.all("disk").map { $0.attributes["n"] } == ["1", "2"])
        #expect(devices["disk"]?.attributes["n"] == "1")
        #expect(devices.all("nosuch") == [])
    }

    @Test func aPrefixIsNotPartOfANameButItsNamespaceIsKnown() throws {
        let uri = "http://openstack.org/xmlns/libvirt/nova/1.1"
        let metadata = try XMLElement(
            parsing:
                "<metadata><nova:instance xmlns:nova='\(uri)' nova:a='1'>"
                + "<nova:name>x</nova:name></nova:instance></metadata>"
        )
        #expect(metadata.namespace == nil)
        #expect(metadata["instance"]?.namespace == uri)
        #expect(metadata["instance"]?["name"]?.namespace == uri)
        #expect(metadata["instance"]?.attributes == ["a": "1"])
    }

    @Test func aNamespaceWithoutPrefixIsInherited() throws {
        let root = try XMLElement(parsing: "<a xmlns='urn:one'><b/><c xmlns='urn:two'/></a>")
        #expect(root.namespace == "urn:one")
        #expect(root.children.map(\.namespace) == ["urn:one", "urn:two"])
    }

    @Test(arguments: [
        ("<a>  x y \n</a>", "x y"), ("<a/>", ""), ("<a>\n\t</a>", ""), ("<a>x<b>inner</b>y</a>", "xy"),
        ("<a>x<!-- a comment -->y</a>", "xy"), ("<a>x<?instruction?>y</a>", "xy"), ("<a>größer 日本</a>", "größer 日本"),
    ])
    func textIsAnElementsOwnWithoutWhiteSpaceAtItsEnds(xml: String, text: String) throws {
        #expect(try XMLElement(parsing: xml).text == text)
    }

    @Test func cdataIsTextAsItIs() throws {
        #expect(try XMLElement(parsing: "<a>x <![CDATA[<b> & ]] &lt;]]> y</a>").text == "x <b> & ]] &lt; y")
    }

    @Test func charactersMayBeWrittenByNumberOrName() throws {
        let element = try XMLElement(parsing: "<a b='&lt;&quot;&#233;'>&amp;&lt;&gt;&apos;&#x65E5;&#10;x</a>")
        #expect(element.text == "&<>'日\nx")
        #expect(element.attributes["b"] == "<\"é")
    }

    @Test func anEmptyAttributeIsAnEmptyText() throws {
        #expect(try XMLElement(parsing: "<a b=''/>").attributes == ["b": ""])
    }

    @Test func aDeclarationMayComeFirst() throws {
        #expect(try XMLElement(parsing: "<?xml version='1.0' encoding='UTF-8'?>\n<a>é</a>").text == "é")
    }

    @Test func readsALargeDocument() throws {
        let disks = (0..<20_000).map { "<disk><target dev='vd\($0)'/></disk>" }.joined()
        #expect(try XMLElement(parsing: "<devices>\(disks)</devices>").children.count == 20_000)
    }
}
