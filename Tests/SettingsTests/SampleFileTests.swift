// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing

@Suite struct SampleFileTests {
    private let settings = [
        AnySetting(Setting("host", in: "DEFAULT", default: "", help: "This machine's name.")),
        AnySetting(Setting("jitter", in: "polling", default: 10, 0...100, help: "Percent.")),
        AnySetting(Setting("url", in: "DEFAULT", default: "x", help: "Where to.")),
    ]

    private func text(_ file: String) throws -> String {
        SampleFile.text(
            settings, Configuration(documents: [try INIDocument(path: "a.conf", text: file)], environment: [:]))
    }

    @Test func whatIsAtItsDefaultIsCommentedOut() throws {
        #expect(
            try text("") == """
                [DEFAULT]

                # This machine's name. Allowed: text.
                #host =

                # Where to. Allowed: text.
                #url = x

                [polling]

                # Percent. Allowed: a whole number from 0 to 100.
                #jitter = 10

                """)
    }

    @Test func whatWasSetStandsPlainWithItsPlace() throws {
        #expect(try text("[polling]\njitter = 5\n").hasSuffix("# From a.conf:2\njitter = 5\n"))
    }

    @Test func passwordsAreHidden() throws {
        #expect(try text("url = http://u:hunter2@h/\n").contains("url = http://u:***@h/\n"))
    }

    @Test func aSecretIsNeverShown() throws {
        let secret = Setting("key", in: "a", default: "", help: "A key.", allowed: "a long one", isSecret: true) {
            $0.count > 20
        }
        let documents = [try INIDocument(path: "a.conf", text: "[a]\nkey = hunter2\n")]
        let configuration = Configuration(documents: documents, environment: [:])
        let text = SampleFile.text([AnySetting(secret)], configuration)
        #expect(text == "[a]\n\n# A key. Allowed: a long one.\n# From a.conf:2, not shown\n#key = ***\n")
        let mistakes = configuration.mistakes(
            against: [AnySetting(secret)], foreign: ForeignOptions([:], wholeSections: []))
        #expect(
            mistakes.description
                == "a.conf:2: [a] key: a value that is not shown; allowed: a long one; the default is empty")
    }

    @Test func linesStayBelowAHundredCharacters() {
        let help = String(repeating: "A sentence of some words about a setting. ", count: 10)
        let text = SampleFile.text(
            [AnySetting(Setting("a", in: "b", default: 1, 0...1, help: help))],
            Configuration(documents: [], environment: [:]))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func whatItPrintsReadsBackTheSame() throws {
        let printed = try text("host = \"a b\"\n[polling]\njitter = 5\n")
        let document = try INIDocument(path: "b.conf", text: printed)
        #expect(document.entries.map(\.key) == ["host", "jitter"])
        #expect(document.entries.map(\.value) == ["a b", "5"])
    }

    @Test func aValueOfSeveralLinesReadsBackTheSame() throws {
        let printed = try text("host = a,\n  b\n")
        #expect(try INIDocument(path: "b.conf", text: printed).entry("DEFAULT", "host")?.value == "a,\nb")
    }

    @Test func anEmptyLineOfTheEnvironmentEndsNoValue() throws {
        let configuration = Configuration(documents: [], environment: ["OS_DEFAULT__HOST": "a,\n\nb\n"])
        let printed = SampleFile.text(settings, configuration)
        #expect(try INIDocument(path: "b.conf", text: printed).entry("DEFAULT", "host")?.value == "a,\nb")
    }
}
