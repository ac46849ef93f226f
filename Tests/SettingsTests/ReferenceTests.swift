// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing

/// Values that name other options. What each stands for was read from oslo.config 10 by the same file.
@Suite struct ReferenceTests {
    private let a = Setting("a", in: "DEFAULT", default: "", help: "")
    private let p = Setting("p", in: "g", default: "", help: "", isSecret: true)
    private let number = Setting("number", in: "g", default: 1, 0...100, help: "")
    private let words = Setting("words", in: "g", default: [String](), help: "")

    private func configuration(_ text: String, environment: [String: String] = [:]) throws -> Configuration {
        Configuration(documents: [try INIDocument(path: "1.conf", text: text)], environment: environment)
    }

    private func text(_ mistakes: Mistakes) -> String { mistakes.all.map(\.description).joined(separator: "\n") }

    private static let stand = [
        ("x$$y", "x$y"), ("x$b", "xbee"), ("x${b}y", "xbeey"), ("$g.q", "queue"), ("\\$b", "$b"),
        ("pa$1word", "pa$1word"), ("end$", "end$"), ("${b", "${b"), ("$d", "bee/z"), ("$e", ""),
        ("$$b", "$b"), ("$$$b", "$bee"), ("ünï$b", "ünïbee"), ("${}", "${}"), ("$-", "$-"),
    ]

    @Test(arguments: stand) func theyStandForWhatOsloSays(written: String, value: String) throws {
        let file = "[DEFAULT]\na = \(written)\nb = bee\nd = $b/z\ne =\n[g]\nq = queue\n"
        #expect(try configuration(file).value(a) == value)
    }

    @Test func theSectionComesBeforeTheDefaultOne() throws {
        #expect(try configuration("q = far\n[g]\np = $q\nq = near").value(p) == "near")
        #expect(try configuration("q = far\n[g]\np = $q").value(p) == "far")
    }

    @Test func valuesOfAllKindsMayHaveThem() throws {
        let configuration = try configuration("n = 42\n[g]\nnumber = $n\nwords = $n, b$$")
        #expect(try configuration.value(number) == 42)
        #expect(try configuration.value(words) == ["42", "b$"])
        #expect(configuration.texts(in: "g") == ["number": "42", "words": "42, b$"])
    }

    @Test func soMayTheEnvironment() throws {
        #expect(try configuration("b = bee", environment: ["OS_DEFAULT__A": "$b$$"]).value(a) == "bee$")
        #expect(try configuration("a = $b", environment: ["OS_DEFAULT__B": "wax"]).value(a) == "wax")
    }

    @Test func aPrintedConfigurationKeepsThem() throws {
        let configuration = try configuration("a = $b/x\nb = bee")
        #expect(SampleFile.text([.init(a)], configuration).contains("\na = $b/x\n"))
    }

    @Test func aWrongValueIsToldAsItWasWritten() throws {
        let mistakes = try configuration("[g]\nnumber = $p\np = secret")
            .mistakes(against: [.init(number)], foreign: .init([:], wholeSections: []))
        #expect(text(mistakes).contains("number: \"$p\""))
        #expect(!text(mistakes).contains("secret"))
    }

    @Test func theCommandLineIsTakenAsItIs() throws {
        let configuration = Configuration(documents: [], environment: [:], overrides: ["DEFAULT": ["a": "$b$$"]])
        #expect(try configuration.value(a) == "$b$$")
    }

    @Test func oneThatNamesNothingIsTold() throws {
        #expect(throws: Mistake.self) { try configuration("\na = /var/$state_path").value(a) }
        let mistakes = try configuration("\na = /var/$state_path/x").mistakes(
            against: [.init(a)], foreign: .init([:], wholeSections: []))
        #expect(
            text(mistakes)
                == "1.conf:2: [DEFAULT] a: $state_path, which names no option that is set; allowed: $NAME or $SECTION.NAME of an option that is set; $$ for a dollar sign"
        )
    }

    @Test func aCircleIsTold() throws {
        for written in ["a = $a", "a = $b\nb = ${c}\nc = $DEFAULT.a"] {
            let mistakes = try configuration(written).mistakes(
                against: [.init(a)], foreign: .init([:], wholeSections: []))
            #expect(text(mistakes).contains("leads back to itself"))
        }
    }

    @Test func ofAPasswordNothingIsShown() throws {
        let mistakes = try configuration("[g]\np = pa$sword").mistakes(
            against: [.init(p)], foreign: .init([:], wholeSections: []))
        #expect(text(mistakes).contains("a $ that names no option"))
        #expect(!text(mistakes).contains("sword"))
    }
}
