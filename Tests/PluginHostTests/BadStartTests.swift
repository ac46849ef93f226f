// SPDX-License-Identifier: Apache-2.0
import Foundation
import PluginHost
import Telemetry
import TestSupport
import Testing

/// Plug-ins that can't be loaded: a line says why, and the others are.
@Suite(.timeLimit(.minutes(2))) struct BadStartTests {
    private let bench: Bench

    init() throws { bench = try Bench() }

    /// The lines for a plug-in that is to be refused, with one beside it that must be loaded.
    private func errors(timeout: Duration = .seconds(60)) async throws -> [String] {
        try bench.install("good", Script.good, entries: "[ceilometer.poll.compute]\ngood = Good\n")
        let loaded = try await bench.load(timeout: timeout)
        #expect(loaded.pollsters.map(\.name) == ["good"])
        #expect(loaded.hasGaps)
        try await bench.stop()
        try #expect(bench.left == [])
        return bench.errors
    }

    @Test func aProgramThatIsNotThere() async throws {
        try bench.directory.write(
            "[plugin]\nversion = 1\nprotocol = 1\nexec = nosuch\n[ceilometer.poll.compute]\na = A\n",
            to: "a.entry_points")
        #expect(
            try await errors()
                == [
                    "error: plug-in not loaded: a.entry_points: [plugin] exec: \"nosuch\": No such file or directory; "
                        + "allowed: a program beside the manifest"
                ])
    }

    @Test func aProgramThatMayNotBeExecuted() async throws {
        try bench.install("bad", Script.good)
        chmod(bench.directory("bad"), 0o644)
        #expect(try await errors().count == 1)
        #expect(bench.errors[0].hasSuffix("which can't be executed; allowed: a program that this user may execute"))
    }

    @Test(.enabled(if: geteuid() == 0, "only root has to refuse"), arguments: ["bad", "bad.entry_points", "."])
    func whatEverybodyMayWriteToIsNotRunByRoot(_ name: String) async throws {
        try bench.install("bad", Script.good)
        if name == "." {
            let other = try Bench()
            try other.install("bad", Script.good)
            chmod(other.directory.path, 0o777)
            #expect(try await other.load().pollsters.isEmpty)
            #expect(other.errors.count == 1 && other.errors[0].contains("which everybody may write to"))
        } else {
            chmod(bench.directory(name), name == "bad" ? 0o757 : 0o646)
            #expect(try await errors().count == 1)
            #expect(bench.errors[0].contains("which everybody may write to"))
        }
    }

    @Test func aProgramThatTheSystemCannotStart() async throws {
        try bench.install("bad", "#!/nosuch/interpreter\n")
        #expect(
            try await errors() == [
                "error: plug-in not loaded: bad.entry_points: plug-in bad could not be started: No such file or directory"
            ])
    }

    @Test func aManifestOfAnotherProtocol() async throws {
        try bench.install("bad", Script.good, protocol: 2)
        #expect(
            try await errors() == [
                "error: plug-in not loaded: bad.entry_points:3: [plugin] protocol: \"2\"; allowed: 1, the version of the "
                    + "protocol that this host speaks"
            ])
    }

    @Test(arguments: [
        (
            "say('{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {\"protocol\": 2}}\\n')",
            "answered start wrongly: protocol 2; allowed: 1"
        ),
        (
            "say('{\"jsonrpc\": \"2.0\", \"id\": 1, \"result\": {\"protocol\": 1}}\\n')",
            "answered start wrongly: 0 answers for [ceilometer.poll.compute] load; allowed: 1"
        ),
        (
            "say('{\"jsonrpc\": \"2.0\", \"id\": 1, \"error\": {\"code\": -32000, \"message\": \"no licence\"}}\\n')",
            "refused to start: no licence"
        ),
        ("say('#!')\nsys.exit(1)", "ended with status 1 in the middle of a line"),
        ("say('starting up...\\n')", "sent a line that is no answer: byte 0: s; allowed: a JSON value"),
        ("say('\\n')", "sent a line that is no answer: byte 0: the end; allowed: a JSON value"),
        ("sys.exit(0)", "ended with status 0"),
        ("time.sleep(3600)", "did not answer start within 2 s"),
        ("say('x' * (17 << 20))", "sent a line of over 16 MiB"),
    ])
    func aStartThatGoesWrong(_ deed: String, _ reason: String) async throws {
        try bench.install("bad", Script.polling("pass", before: deed + "\ntime.sleep(60)"))
        #expect(
            try await errors(timeout: .seconds(deed.hasPrefix("time.sleep") ? 2 : 60)) == [
                "error: plug-in not loaded: bad.entry_points: plug-in bad \(reason)"
            ])
    }

    @Test func twoOfOneNameInOneNamespaceAreBothLeftOut() async throws {
        try bench.install("one", Script.good)
        try bench.install("two", Script.good)
        #expect(
            try await errors() == [
                "error: plug-in not loaded: one.entry_points:6: [ceilometer.poll.compute] load: the same name in "
                    + "two.entry_points:6; allowed: each name once in a namespace; none of these plug-ins is loaded"
            ])
    }

    @Test func aNameThatComesWithUsIsTaken() async throws {
        try bench.install("bad", Script.good)
        try bench.install("good", Script.good, entries: "[ceilometer.poll.compute]\ngood = Good\n")
        var request = try bench.request()
        request.builtIn = ["ceilometer.poll.compute": ["load"]]
        let loaded = try await Task.offPool { [host = bench.host, request] in try host.load(request) }
        #expect(loaded.pollsters.map(\.name) == ["good"])
        #expect(
            bench.errors == [
                "error: plug-in not loaded: bad.entry_points:6: [ceilometer.poll.compute]: \"load\", which comes with "
                    + "Hypsometer; allowed: another name"
            ])
    }
}
