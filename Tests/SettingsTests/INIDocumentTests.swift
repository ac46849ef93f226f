// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing

@Suite struct INIDocumentTests {
    private func entries(_ text: String) throws -> [String] {
        try INIDocument(path: "a.conf", text: text).entries.map { "\($0.line) [\($0.section)] \($0.key)=\($0.value)" }
    }

    @Test func readsKeysOfSections() throws {
        #expect(
            try entries("[DEFAULT]\nhost = compute-1\n\n[polling]\njitter=5\n")
                == ["2 [DEFAULT] host=compute-1", "5 [polling] jitter=5"])
    }

    @Test func keysBeforeTheFirstSectionBelongToDefault() throws {
        #expect(try entries("host = compute-1") == ["1 [DEFAULT] host=compute-1"])
    }

    @Test func linesBeginningWithAHashOrASemicolonAreComments() throws {
        #expect(try entries("# one\n; two\nhost = a\n  # three\n") == ["3 [DEFAULT] host=a"])
    }

    @Test func aHashWithinAValueIsPartOfIt() throws {
        #expect(try entries("uri = qemu:///system#1 ; x") == ["1 [DEFAULT] uri=qemu:///system#1 ; x"])
    }

    @Test func aColonSeparatesTooAndTheFirstOneWins() throws {
        #expect(try entries("host: a") == ["1 [DEFAULT] host=a"])
        #expect(try entries("url = http://a:80") == ["1 [DEFAULT] url=http://a:80"])
        #expect(try entries("url: a=b") == ["1 [DEFAULT] url=a=b"])
    }

    @Test func indentedLinesGoOnWithTheValueBefore() throws {
        #expect(
            try entries("names = a,\n  b,\n\tc\nhost = d") == ["1 [DEFAULT] names=a,\nb,\nc", "4 [DEFAULT] host=d"])
    }

    @Test func anEmptyLineEndsAValue() {
        #expect(throws: Mistakes.self) { try entries("names = a,\n\n  b") }
    }

    @Test(arguments: [
        ("\"compute 1\"", "compute 1"), ("'compute 1'", "compute 1"), ("\"\"", ""), ("\"", "\""),
        ("\"open", "\"open"), ("'mixed\"", "'mixed\""), ("a \"b\"", "a \"b\""),
    ])
    func quotationMarksAroundAValueAreDropped(written: String, read: String) throws {
        #expect(try entries("host = \(written)") == ["1 [DEFAULT] host=\(read)"])
    }

    @Test func lastOfTwoEqualKeysIsInForce() throws {
        let document = try INIDocument(path: "a.conf", text: "host = a\n[polling]\nhost = b\n[DEFAULT]\nhost = c")
        #expect(document.entry("DEFAULT", "host")?.value == "c")
        #expect(document.entry("DEFAULT", "host")?.line == 5)
        #expect(document.entry("polling", "host")?.value == "b")
        #expect(document.entry("polling", "nosuch") == nil)
    }

    @Test func linesMayEndInCRLF() throws {
        #expect(
            try entries("[DEFAULT]\r\nhost = a,\r\n  b\r\n\r\n# c\r\ndebug = true\r\n")
                == ["2 [DEFAULT] host=a,\nb", "6 [DEFAULT] debug=true"])
    }

    @Test func anEmptyFileSetsNothing() throws {
        #expect(try entries("") == [])
        #expect(try entries("\n\n# nothing\n") == [])
    }

    @Test func anEmptyValueIsAValue() throws {
        #expect(try entries("host =") == ["1 [DEFAULT] host="])
    }

    @Test func aSectionIsKnownByTheLineItFirstOpensOn() throws {
        #expect(try INIDocument(path: "a.conf", text: "[a]\n[b]\n[a]").sections == ["a": 1, "b": 2])
    }
}
