// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// `hypsometer plugin` from outside.
@Suite(.timeLimit(.minutes(2))) struct PluginCommandTests {
    private let directory: TemporaryDirectory
    private static let example = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Examples/pollster-in-python").standardized.path

    init() throws { directory = try TemporaryDirectory() }

    private func plugin(_ arguments: String...) async throws -> Binary.Outcome {
        try await Binary(
            executable: Bundle.main.bundleURL.appending(path: "hypsometer"), arguments: ["plugin"] + arguments,
            folder: URL(filePath: directory.path)
        ).run()
    }

    @Test func theExampleInPythonKeepsToTheProtocol() async throws {
        let outcome = try await plugin("check", "\(Self.example)/host-uptime")
        #expect(outcome.status == 0)
        #expect(
            outcome.stdout == """
                ok      start
                ok      answers a method that it doesn't know with the error -32601
                ok      [ceilometer.poll.compute] host-uptime polls 0 resources
                ok      answers two calls at once
                ok      ends when its standard input does

                """)
    }

    @Test func whatItDoesWrongIsNamed() async throws {
        try directory.write(
            "[plugin]\nversion = 1\nprotocol = 1\nexec = bad\n[ceilometer.poll.compute]\nbad = Bad\n",
            to: "bad.entry_points")
        try directory.write(
            """
            #!/usr/bin/env python3
            import json, sys, time
            for line in sys.stdin:
                c = json.loads(line)
                result = {"protocol": 1, "samples": [{"name": "bad.meter", "volume": "much", "resource_id": "a"}],
                    "entry_points": [{"namespace": "ceilometer.poll.compute", "name": "bad",
                        "meters": [{"name": "bad.meter", "type": "gauge", "unit": ""}]}]}
                print(json.dumps({"jsonrpc": "2.0", "id": c["id"], "result": result}), flush=True)
            time.sleep(3600)

            """, to: "bad")
        chmod(directory("bad"), 0o755)
        let outcome = try await plugin("check", "bad.entry_points")
        #expect(outcome.status == 1)
        #expect(
            outcome.stdout == """
                ok      start
                FAILED  answers a method that it doesn't know with the error -32601: answered it well
                FAILED  [ceilometer.poll.compute] bad polls 0 resources: plug-in bad answered what can't be used: \
                samples[0].volume: "much"; allowed: a finite number
                ok      answers two calls at once
                FAILED  ends when its standard input does: was still there 2 s later, and was killed

                """)
    }

    @Test func aManifestThatIsWrongIsToldLineByLine() async throws {
        try directory.write("[plugin]\nversion = 1\nprotocl = 1\n", to: "bad.entry_points")
        let outcome = try await plugin("check", "bad")
        #expect(outcome.status == 2 && outcome.stdout == "")
        #expect(outcome.stderr.contains("bad.entry_points:3: [plugin]: unknown name \"protocl\""))
        #expect(outcome.stderr.contains("did you mean protocol?"))
    }

    @Test func theListHasWhatServicesNotedAndWhatNoneHasSeen() async throws {
        for name in ["host-uptime", "host-uptime.entry_points"] {
            try FileManager.default.copyItem(atPath: "\(Self.example)/\(name)", toPath: directory(name))
        }
        try directory.write("[DEFAULT]\nplugin_dirs = \(directory.path)\nstate_dir = \(directory.path)\n", to: "a.conf")
        let installed = try await plugin("list", "--config-file", "a.conf")
        #expect(installed.status == 0)
        #expect(
            installed.stdout == """
                NAME         VERSION  SERVICE  STATE      ENTRY POINTS                         REASON
                host-uptime  1.0.0    -        installed  ceilometer.poll.compute host-uptime

                """)
        try directory.write(
            """
            {"service":"hypsometer-polling","pid":\(getpid()),"written":"2026-11-21T10:00:00","plugins":[{"name":\
            "host-uptime","version":"1.0.0","path":"/x","entry_points":["ceilometer.poll.compute host-uptime"],\
            "state":"quarantined","reason":"was killed by signal 9"}]}
            """, to: "plugins-hypsometer-polling.json")
        let noted = try await plugin("list", "--config-file", "a.conf").stdout
        #expect(noted.contains("host-uptime  1.0.0    hypsometer-polling  quarantined"))
        #expect(noted.hasSuffix("was killed by signal 9\n"))
    }

    @Test(arguments: ["pollster", "discovery", "publisher", "notification"])
    func aNewPackageHasItsFilesAndOverwritesNothing(_ kind: String) async throws {
        #expect(try await plugin("new", kind, "my-plugin", "--hypsometer", "file:///srv/hypsometer").status == 0)
        let names = try FileManager.default.subpathsOfDirectory(atPath: directory("my-plugin"))
        #expect(names.contains("my-plugin.entry_points") && names.contains("Package.swift"))
        #expect(try directory.text("my-plugin/Package.swift").contains("\"file:///srv/hypsometer\""))
        let again = try await plugin("new", kind, "my-plugin")
        #expect(again.status == 2 && again.stderr.contains("something there already"))
    }

    @Test(arguments: ["Load", "a b", "../x", ""]) func aNameThatNoProgramCanHaveIsRefused(_ name: String) async throws {
        let outcome = try await plugin("new", "pollster", name)
        #expect(outcome.status == 2 && outcome.stderr.contains("lower-case letters, digits and -"))
    }
}
