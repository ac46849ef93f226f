// SPDX-License-Identifier: Apache-2.0
import Testing
import XMLTree

@Suite struct XMLWalkTests {
    /// Each element as one line: depth, name, attributes.
    private func lines(_ xml: String) throws -> [String] {
        var lines: [String] = []
        try XMLWalk.elements(of: xml) { name, depth, attributes in
            lines.append("\(depth) \(name)" + attributes.map { " \($0.name)=\($0.value)" }.joined())
        }
        return lines
    }

    @Test func elementsComeInTheOrderInWhichTheyStand() throws {
        #expect(
            try lines("<?xml version=\"1.0\"?><r><a x=\"1\" y=\"2\"><b/></a>text<c z=\"\"/></r>") == [
                "0 r", "1 a x=1 y=2", "2 b", "1 c z=",
            ])
    }

    @Test func charactersThatWereEscapedAreThemselves() throws {
        #expect(
            try lines("<r a=\"&lt;&amp;&gt;&quot;&#233;&#10;\" n:b='é' xmlns:n=\"urn:n\"/>") == ["0 r a=<&>\"é\n b=é"])
    }

    @Test(arguments: [
        "<!DOCTYPE r [<!ENTITY e \"x\">]><r a=\"&e;\"/>", "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>",
    ])
    func aDocumentTypeIsRefused(xml: String) {
        #expect {
            _ = try lines(xml)
        } throws: { error in
            "\(error)" == "a document type declaration, which may hold entities"
        }
    }

    @Test(arguments: ["", "<r>", "<r a=1/>", "<r></s>", "no", "<r a=\"&nosuch;\"/>"])
    func whatIsNoXMLIsRefused(xml: String) {
        #expect(throws: XMLError.self) { _ = try lines(xml) }
    }

    @Test func whatAVisitorThrowsEndsTheWalk() {
        struct Enough: Error {}
        var seen = 0
        #expect(throws: Enough.self) {
            try XMLWalk.elements(of: "<r><a/><b/><c/></r>") { _, depth, _ in
                seen += 1
                if depth > 0 { throw Enough() }
            }
        }
        #expect(seen == 2)
    }
}
