// SPDX-License-Identifier: Apache-2.0
import Agent
import Settings
import Telemetry
import Testing

@Suite struct PollingPlanMistakeTests {
    private let plugins = Plugins(
        pollsters: [.of("cpu", ["cpu", "cpu_util"]), .of("volume", ["volume.size"], namespaces: ["central"])],
        discoveries: [.of("local", TestDiscovery([]))])

    private func mistakes(_ sources: String, _ plugins: Plugins, namespaces: [String] = ["compute"]) -> [String] {
        do throws(Mistakes) {
            _ = try PollingPlan("sources:\n\(sources)", plugins, namespaces: namespaces)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test func aMeterThatNobodyKnowsIsToldWithItsLine() {
        #expect(
            mistakes("- name: a\n  interval: 60\n  meters:\n    - cpu\n    - cpu_utl\n", plugins) == [
                "polling.yaml:6: meters: unknown name \"cpu_utl\"; allowed: one of cpu, cpu_util, volume.size; "
                    + "did you mean cpu_util?"
            ])
    }

    @Test func aDiscoveryThatIsNotThereIsTold() {
        let source = "- {name: a, interval: 60, meters: [cpu], discovery: ['lokal:x']}\n"
        #expect(
            mistakes(source, plugins) == [
                "polling.yaml:2: source \"a\", discovery: unknown name \"lokal\"; "
                    + "allowed: one of local; did you mean local?"
            ])
        let none = Plugins(pollsters: plugins.pollsters)
        #expect(mistakes(source, none) == ["polling.yaml:2: source \"a\", discovery: unknown name \"lokal\""])
    }

    @Test func sourcesThatTakeNothingAtAllAreAMistake() {
        #expect(
            mistakes("- {name: a, interval: 60, meters: [volume.size]}\n", plugins) == [
                "polling.yaml: sources that take no meter of namespaces compute; allowed: meters among cpu, cpu_util"
            ])
        #expect(
            mistakes("- {name: a, interval: 60, meters: [cpu]}\n", plugins, namespaces: ["ipmi"]) == [
                "polling.yaml: sources that take no meter of namespaces ipmi; "
                    + "allowed: a namespace that has pollsters (see --list-pollsters)"
            ])
    }

    @Test func severalMistakesAreToldAtOnce() {
        let found = mistakes(
            "- {name: a, interval: 60, meters: [cpux, memoryx], discovery: [x]}\n"
                + "- {name: b, interval: 60, meters: [y]}\n",
            plugins)
        #expect(found.count == 4)
    }
}
