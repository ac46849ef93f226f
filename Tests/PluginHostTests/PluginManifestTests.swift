// SPDX-License-Identifier: Apache-2.0
import PluginHost
import Settings
import Testing

@Suite struct PluginManifestTests {
    private let head = "[plugin]\nversion = 1.2.3\nprotocol = 1\nexec = dummy\n"

    private func lines(_ text: String) -> [String] {
        do throws(Mistakes) {
            _ = try PluginManifest(path: "dummy.entry_points", text: text)
            return []
        } catch {
            return error.inOrder.map(\.description)
        }
    }

    @Test func theSeedsNamespacesAreTaken() throws {
        let manifest = try PluginManifest(
            path: "/usr/lib/hypsometer/plugins/dummy.entry_points",
            text: head
                + "[ceilometer.poll.compute]\ndummy = DummyPollster\n[watcher_strategies]\ndummy = third_party.dummy:DummyStrategy\n"
        )
        #expect(manifest.name == "dummy" && manifest.version == "1.2.3")
        #expect(manifest.executable == "/usr/lib/hypsometer/plugins/dummy")
        #expect(manifest.entries.map(\.section) == ["ceilometer.poll.compute.dummy", "watcher_strategies.dummy"])
    }

    @Test(arguments: [
        ("", "dummy.entry_points: [plugin]: no version; allowed: version, protocol and exec, each with a value"),
        (
            "[plugin]\nversion\n",
            "dummy.entry_points:2: [plugin]: a line that is neither key = value nor [section]; allowed: key = value"
        ),
    ])
    func whatIsMissingIsSaid(_ text: String, _ line: String) {
        #expect(lines(text).first == line)
    }

    @Test(arguments: [
        (
            "[ceilometer.poll.compue]\na = A\n",
            "dummy.entry_points:5: unknown name \"[ceilometer.poll.compue]\"; allowed: a name; did you mean [ceilometer.poll.compute] or [ceilometer.poll.ipmi] or [ceilometer.poll.agent]?"
        ),
        (
            "",
            "dummy.entry_points: no entry point; allowed: a section such as [ceilometer.poll.compute] with lines as dummy = DummyPollster"
        ),
        (
            "[ceilometer.publisher]\na = A\na = B\n",
            "dummy.entry_points:7: [ceilometer.publisher]: a second \"a\"; allowed: each name once"
        ),
    ])
    func whatIsWrongIsSaidInALine(_ text: String, _ line: String) {
        #expect(lines(head + text) == [line])
    }

    @Test(arguments: ["../evil", "/bin/sh", ".hidden"])
    func theProgramStandsBesideTheManifest(_ path: String) {
        let text = head.replacing("exec = dummy", with: "exec = \(path)") + "[ceilometer.publisher]\na = A\n"
        #expect(
            lines(text) == [
                "dummy.entry_points:4: [plugin] exec: \"\(path)\"; allowed: the name of a file beside the manifest"
            ])
    }
}
