// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing

@Suite struct SettingTests {
    private func value<Value>(_ setting: Setting<Value>, _ text: String) throws -> Value {
        try Configuration(documents: [], environment: ["OS_A__B": text]).value(setting)
    }

    @Test(arguments: [("0", 0), ("100", 100), ("+7", 7), ("007", 7)] as [(String, Int)])
    func aWholeNumberIsRead(text: String, number: Int) throws {
        #expect(try value(Setting("b", in: "a", default: 10, 0...100, help: ""), text) == number)
    }

    @Test(arguments: ["", "5m", "5.0", "1e2", "-1", "101", "0x10", "five", "1_000", "99999999999999999999"])
    func whatIsNoWholeNumberInTheRangeIsRefused(text: String) {
        #expect(throws: Mistake.self) { try value(Setting("b", in: "a", default: 10, 0...100, help: ""), text) }
    }

    @Test(arguments: ["true", "True", "yes", "ON", "1"])
    func osloWordsForYesAreTrue(text: String) throws {
        #expect(try value(Setting("b", in: "a", default: false, help: ""), text))
    }

    @Test(arguments: ["false", "False", "no", "OFF", "0"])
    func osloWordsForNoAreFalse(text: String) throws {
        #expect(try !value(Setting("b", in: "a", default: true, help: ""), text))
    }

    @Test(arguments: ["", "2", "maybe", "y", "truee"])
    func otherWordsAreNeither(text: String) {
        #expect(throws: Mistake.self) { try value(Setting("b", in: "a", default: true, help: ""), text) }
    }

    @Test(
        arguments: [
            ("compute", ["compute"]), ("compute,central", ["compute", "central"]), (" a , b ,, c,", ["a", "b", "c"]),
            ("a,\nb", ["a", "b"]), ("", []), (",", []),
        ] as [(String, [String])])
    func wordsStandBetweenCommas(text: String, words: [String]) throws {
        #expect(try value(Setting("b", in: "a", default: ["x"], help: ""), text) == words)
    }

    @Test func oneWordOfSeveralIsTakenAsItIsSpelt() throws {
        let setting = Setting("b", in: "a", default: "kvm", oneOf: ["kvm", "lxc"], help: "")
        #expect(try value(setting, "lxc") == "lxc")
        #expect(throws: Mistake.self) { try value(setting, "LXC") }
        #expect(throws: Mistake.self) { try value(setting, "xen") }
    }

    @Test func theWordsThereAreAreTold() {
        let setting = Setting("b", in: "a", default: "kvm", oneOf: ["kvm", "lxc"], help: "")
        #expect(setting.allowed == "one of kvm, lxc")
        #expect(Setting("b", in: "a", default: true, help: "").allowed == "true or false (also yes, no, on, off, 1, 0)")
    }

    @Test func theDefaultIsWrittenAsItWouldBeInAFile() {
        #expect(Setting("b", in: "a", default: ["compute", "central"], help: "").defaultText == "compute,central")
        #expect(Setting("b", in: "a", default: false, help: "").defaultText == "false")
        #expect(Setting("b", in: "a", default: 60, 1...3600, help: "").defaultText == "60")
    }
}
