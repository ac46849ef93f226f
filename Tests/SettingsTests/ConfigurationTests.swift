// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing

/// Where the value in force comes from.
@Suite struct ConfigurationTests {
    private let host = Setting("host", in: "DEFAULT", default: "localhost", help: "This machine's name.")
    private let jitter = Setting("jitter", in: "polling", default: 10, 0...100, help: "Percent.")

    private func configuration(
        _ files: [String] = [], environment: [String: String] = [:], overrides: [String: [String: String]] = [:]
    ) throws -> Configuration {
        Configuration(
            documents: try files.enumerated().map { try INIDocument(path: "\($0 + 1).conf", text: $1) },
            environment: environment, overrides: overrides)
    }

    @Test func aDefaultHoldsWhereNothingIsSet() throws {
        #expect(try configuration().value(host) == "localhost")
        #expect(try configuration().place(of: "DEFAULT", "host") == nil)
    }

    @Test func aFileWinsOverTheDefault() throws {
        #expect(try configuration(["host = a"]).value(host) == "a")
    }

    @Test func aLaterFileWinsOverAnEarlierOne() throws {
        #expect(try configuration(["host = a", "host = b", "[polling]\njitter = 1"]).value(host) == "b")
    }

    @Test func theEnvironmentWinsOverFiles() throws {
        #expect(try configuration(["host = a"], environment: ["OS_DEFAULT__HOST": "c"]).value(host) == "c")
        #expect(try configuration(environment: ["OS_POLLING__JITTER": "7"]).value(jitter) == 7)
    }

    @Test func theCommandLineWinsOverAll() throws {
        let configuration = try configuration(
            ["host = a"], environment: ["OS_DEFAULT__HOST": "c"], overrides: ["DEFAULT": ["host": "d"]])
        #expect(try configuration.value(host) == "d")
    }

    @Test func anEmptyValueWinsLikeOthers() throws {
        #expect(try configuration(["host = a", "host ="]).value(host) == "")
    }

    @Test func aVariableOfAnotherSectionOrInSmallLettersIsNoSetting() throws {
        let environment = ["OS_POLLING__HOST": "c", "os_default__host": "d", "OS_DEFAULT_HOST": "e"]
        #expect(try configuration(environment: environment).value(host) == "localhost")
    }

    @Test func theSameKeyOfAnotherSectionIsAnother() throws {
        #expect(try configuration(["[polling]\nhost = a"]).value(host) == "localhost")
    }

    @Test func thePlaceIsThatOfTheValueInForce() throws {
        let files = ["\nhost = a", "host = b"]
        let variable = ["OS_DEFAULT__HOST": "c"]
        #expect(try configuration([files[0]]).place(of: "DEFAULT", "host") == .init("1.conf", line: 2))
        #expect(try configuration(files).place(of: "DEFAULT", "host") == .init("2.conf", line: 1))
        #expect(
            try configuration(files, environment: variable).place(of: "DEFAULT", "host")
                == .init("environment variable OS_DEFAULT__HOST"))
        #expect(
            try configuration(files, environment: variable, overrides: ["DEFAULT": ["host": "d"]])
                .place(of: "DEFAULT", "host") == .init("command line"))
    }

    @Test(
        arguments: [
            ([], [:], [:], nil),
            (["[polling]\njitter = 5m"], [:], [:], "1.conf:2"),
            (["[polling]\njitter = 5m"], ["OS_POLLING__JITTER": "x"], [:], "environment variable OS_POLLING__JITTER"),
            (["[polling]\njitter = 5m"], [:], ["polling": ["jitter": ""]], "command line"),
        ] as [([String], [String: String], [String: [String: String]], String?)])
    func aValueThatCannotBeIsNeverTheDefault(
        files: [String], environment: [String: String], overrides: [String: [String: String]], place: String?
    ) throws {
        let configuration = try configuration(files, environment: environment, overrides: overrides)
        do throws(Mistake) {
            #expect(try configuration.value(jitter) == 10)
            #expect(place == nil)
        } catch {
            #expect(error.description.hasPrefix("\(place ?? ""): [polling] jitter:"))
            #expect(error.allowed == "a whole number from 0 to 100; the default is 10")
        }
    }
}
