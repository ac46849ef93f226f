// SPDX-License-Identifier: Apache-2.0
import Agent
import TestSupport
import Testing

/// What an operator reads who made mistakes.
@Suite struct SetupMistakeTests {
    @Test func aFileThatIsNotThereIsTold() throws {
        #expect(
            try Operator([:]).mistakes() == [
                "a.conf: cannot be read: No such file or directory; allowed: a file that this user may read"
            ])
    }

    @Test func aDirectoryThatIsNotThereIsTold() throws {
        let files = try Operator(["a.conf": ""])
        #expect(
            files.mistakes { $0.configDirectories = [files.directory("d")] } == [
                "d: cannot be read: No such file or directory; allowed: a directory that this user may read"
            ])
    }

    @Test func everyFilesMistakesAreToldAtOnce() throws {
        let files = try Operator(["a.conf": "nonsense\n", "b.conf": "[x\n"])
        let found = files.mistakes { $0.configFiles += [files.directory("b.conf"), files.directory("c.conf")] }
        #expect(found.map { $0.prefix(7) } == ["a.conf:", "b.conf:", "c.conf:"])
    }

    @Test func valuesAndNamesAreToldAtOnce() throws {
        let files = try Operator(["a.conf": "debug = maybe\n[polling]\njiter = 5\njitter = 101\n[poling]\na = b\n"])
        let found = files.mistakes(environment: ["OS_DEFAULT__GRACEFUL_SHUTDOWN_TIMEOUT": "0"])
        #expect(
            found.map { String($0.prefix { $0 != ";" }) } == [
                "a.conf:1: [DEFAULT] debug: \"maybe\"",
                "environment variable OS_DEFAULT__GRACEFUL_SHUTDOWN_TIMEOUT: [DEFAULT] graceful_shutdown_timeout: "
                    + "\"0\"",
                "a.conf:4: [polling] jitter: \"101\"",
                "a.conf:5: unknown name \"[poling]\"",
                "a.conf:3: [polling]: unknown name \"jiter\"",
            ])
    }

    @Test func bothYAMLFilesAreReadBeforeAnythingIsTold() throws {
        let files = try Operator([
            "a.conf": "", "polling.yaml": "sources:\n- {name: a, interval: 0, meters: [cpu]}\n",
            "pipeline.yaml":
                "sources: [{name: a, meters: ['*'], sinks: [x]}]\nsinks: [{name: s, publishers: [stdout]}]\n",
        ])
        #expect(files.mistakes().map { $0.prefix(14) } == ["polling.yaml:2", "pipeline.yaml:"])
    }

    @Test func pollstersAndPublishersAreCheckedBeforeAnythingIsTold() throws {
        let files = try Operator([
            "a.conf": "", "polling.yaml": "sources:\n- {name: a, interval: 60, meters: [cpux]}\n",
            "pipeline.yaml":
                "sources: [{name: a, meters: ['*'], sinks: [s]}]\nsinks: [{name: s, publishers: ['kafka://']}]\n",
        ])
        #expect(
            files.mistakes() == [
                "pipeline.yaml:2: publishers: unknown name \"kafka://\"; allowed: one of discard://, file://, "
                    + "gnocchi+http://, gnocchi+https://, gnocchi://, http://, https://, notifier://, opentelemetryhttp://, "
                    + "prometheus://, remotewrite://, remotewrites://, stdout://, tcp://, udp://",
                "polling.yaml:2: meters: unknown name \"cpux\"; allowed: one of cpu, cpu_util, volume.size; "
                    + "did you mean cpu?",
            ])
    }

    @Test func aFileThatIsNamedAndNotThereIsTold() throws {
        let files = try Operator(["a.conf": "[polling]\ncfg_file = p.yaml\n"])
        #expect(
            files.mistakes() == [
                "a.conf:2: [polling] cfg_file: \"p.yaml\", which isn't there; "
                    + "allowed: a file; looked for at p.yaml, etc/p.yaml"
            ])
    }

    @Test func aNamespaceIsToldWithTheOptionThatGaveIt() throws {
        let files = try Operator(["a.conf": "\npolling_namespaces = compute, cenrtal\n"])
        let words =
            "polling namespaces: unknown name \"cenrtal\"; allowed: one of central, compute, ipmi; "
            + "did you mean central?"
        #expect(files.mistakes() == ["a.conf:2: \(words)"])
        #expect(files.mistakes { $0.namespaces = ["cenrtal"] } == ["command line: \(words)"])
    }

    @Test func pollsterListDoesNotGoWithCoordination() throws {
        let files = try Operator(["a.conf": "[coordination]\nbackend_url = redis://u:hunter2@h\n"])
        #expect(
            files.mistakes { $0.pollsterList = ["cpu"] } == [
                "a.conf:2: [coordination] backend_url: \"redis://u:***@h\"; allowed: etcd3+http://host:2379, "
                    + "etcd3+https://…, or nothing; the default is empty",
                "command line: --pollster-list: given together with [coordination] backend_url; "
                    + "allowed: one of the two, as agents that share work must poll the same meters",
            ])
    }

    @Test func noSecretIsEverShown() throws {
        let files = try Operator([
            "a.conf": "[publisher]\ntelemetry_secrt = hunter2\n[DEFAULT]\npasword: hunter2\n[nosuch]\na = hunter2\n"
        ])
        let found = files.mistakes().joined()
        #expect(!found.isEmpty && !found.contains("hunter2"))
    }
}
