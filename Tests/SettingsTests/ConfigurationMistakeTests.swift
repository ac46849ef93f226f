// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing

/// What an operator reads who misspelt something.
@Suite struct ConfigurationMistakeTests {
    private let settings = [
        AnySetting(Setting("host", in: "DEFAULT", default: "localhost", help: "")),
        AnySetting(Setting("transport", in: "DEFAULT", default: "", help: "", allowed: "nothing", check: \.isEmpty)),
        AnySetting(Setting("jitter", in: "polling", default: 10, 0...100, help: "")),
        AnySetting(Setting("cfg_file", in: "polling", default: "polling.yaml", help: "")),
    ]
    private let foreign = ForeignOptions(
        ["DEFAULT": ["log_file"], "notification": ["workers", "pipelines"]], wholeSections: ["cache"])

    private func lines(_ text: String, environment: [String: String] = [:]) throws -> [String] {
        let document = try INIDocument(path: "a.conf", text: text)
        return Configuration(documents: [document], environment: environment)
            .mistakes(against: settings, foreign: foreign).all.map(\.description)
    }

    @Test func whatIsRightIsNoMistake() throws {
        #expect(try lines("host = a\nlog_file = b\n[polling]\njitter = 0\n[cache]\nanything = c\n") == [])
    }

    @Test func anUnknownKeyIsToldWithTheNearest() throws {
        #expect(
            try lines("[polling]\njiter = 5\n") == [
                "a.conf:2: [polling]: unknown name \"jiter\"; allowed: one of cfg_file, jitter; did you mean jitter?"
            ])
    }

    @Test func anUnknownSectionIsToldWithTheNearest() throws {
        #expect(
            try lines("[poling]\njitter = 5\n") == [
                "a.conf:1: unknown name \"[poling]\"; allowed: one of [DEFAULT], [cache], [notification], "
                    + "[polling]; did you mean [polling]?"
            ])
    }

    @Test func namesOfTheOlderSystemAreNearToo() throws {
        #expect(try lines("log_fil = a\n").first?.hasSuffix("did you mean log_file?") == true)
    }

    @Test func anUnknownKeyInASectionOfTheOlderSystemIsAboutTheKey() throws {
        #expect(
            try lines("[notification]\nworker = 2\n") == [
                "a.conf:2: [notification]: unknown name \"worker\"; allowed: one of pipelines, workers; "
                    + "did you mean workers?"
            ])
    }

    @Test func theValueOfAnUnknownKeyIsNeverShown() throws {
        let text = try lines("passwort = hunter2\n[nosuch]\nsecret = hunter2\n[notification]\nx = hunter2\n").joined()
        #expect(!text.isEmpty && !text.contains("hunter2"))
    }

    @Test func aValueThatCannotBeIsShownWithoutItsPassword() throws {
        #expect(
            try lines("transport = rabbit://guest:hunter2@mq:5672/\n") == [
                "a.conf:1: [DEFAULT] transport: \"rabbit://guest:***@mq:5672/\"; allowed: nothing; the default is empty"
            ])
    }

    @Test func onlyTheValueInForceIsChecked() throws {
        #expect(try lines("[polling]\njitter = x\njitter = 5\n") == [])
        #expect(try lines("[polling]\njitter = x\n", environment: ["OS_POLLING__JITTER": "5"]) == [])
    }

    @Test func aValueOfTheEnvironmentIsNamedByItsVariable() throws {
        #expect(
            try lines("", environment: ["OS_POLLING__JITTER": "101"]) == [
                "environment variable OS_POLLING__JITTER: [polling] jitter: \"101\"; "
                    + "allowed: a whole number from 0 to 100; the default is 10"
            ])
    }

    @Test func allMistakesAreToldAtOnce() throws {
        let found = try lines("hots = a\n[polling]\njitter = -1\ncfgfile = b\n[nosuch]\nc = d\n")
        #expect(found.count == 4)
    }

    @Test func whatHasNoEffectIsToldWithItsPlace() throws {
        let document = try INIDocument(path: "a.conf", text: "host = a\nlog_file = b\n[cache]\nenabled = true\n")
        let found = Configuration(documents: [document], environment: [:]).withoutEffect(foreign, besides: settings)
        #expect(found.map(\.name) == ["[DEFAULT] log_file", "[cache] enabled"])
        #expect(found.map(\.place.line) == [2, 4])
    }
}
