// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing
import XMLTree

/// What must not be read, and what is said of it.
@Suite(.timeLimit(.minutes(1))) struct HostileXMLTests {
    private func refusal(_ xml: String) -> XMLError? {
        do throws(XMLError) {
            _ = try XMLElement(parsing: xml)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("<a>\n<b>\n</a>", 3), ("<a>", 1), ("<a>\n\n&nosuch;</a>", 3), ("<a b=1/>", 1), ("<a/>\n<b/>", 2), ("x", 1),
        ("<a b='1' b='2'/>", 1), ("<a>\u{1}</a>", 1),
    ])
    func brokenTextIsRefusedWithItsLine(xml: String, line: Int) throws {
        let error = try #require(refusal(xml))
        #expect(error.line == line)
        #expect(error.description == "line \(line): \(error.message)")
        #expect(!error.message.isEmpty && !error.message.contains("\n"))
    }

    @Test(arguments: ["", " \n", "<!-- nothing -->"])
    func whatHoldsNoElementIsRefused(xml: String) {
        #expect(refusal(xml)?.message.isEmpty == false)
    }

    @Test func nestingOf64IsReadAndOneMoreIsNot() {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        #expect(refusal(nested(64)) == nil)
        #expect(refusal(nested(65))?.description == "elements nested deeper than 64")
        #expect(refusal(nested(100_000)) != nil)
    }

    private static func laughs(_ use: String) -> String {
        let entities = (1...9).map { "<!ENTITY e\($0) '" + String(repeating: "&e\($0 - 1);", count: 10) + "'>" }
            .joined()
        return "<!DOCTYPE a [<!ENTITY e0 'ha'>\(entities)]><a\(use)</a>"
    }

    @Test(arguments: [laughs(">&e9;"), laughs(" b='&e9;'>"), laughs(" b='&e4;'>&e4;")])
    func aBillionLaughsAreRefused(xml: String) {
        #expect(refusal(xml) != nil)
    }

    @Test func entitiesOfItsOwnAreRefused() {
        #expect(
            refusal("<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>")?.description
                == "a document type declaration, which may hold entities")
    }

    @Test func noFileIsRead() throws {
        let directory = try TemporaryDirectory()
        let path = try directory.write("hunter2", to: "secret")
        for declaration in ["<!ENTITY e SYSTEM 'file://\(path)'>", "<!ENTITY % p SYSTEM 'file://\(path)'> %p;"] {
            #expect(refusal("<!DOCTYPE a [\(declaration)]><a>&e;</a>") != nil)
        }
        #expect(refusal("<!DOCTYPE a SYSTEM 'file://\(path)'><a/>") != nil)
    }
}
