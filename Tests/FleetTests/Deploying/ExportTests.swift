// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Fleet
import Foundation
import Settings
import TestSupport
import Testing

/// A deployed cluster as files, by the real command line.
@Suite(.timeLimit(.minutes(3))) struct ExportTests {
    private static let program = Bundle.main.bundleURL.appending(path: "hypsometer").path

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func export(_ fleet: RunningFleet, _ format: String, to name: String) async throws -> ShellResult {
        try await onThread {
            try Self.run(
                [
                    "fleet", "export", "1", directory(name), "--format", format, "--url", "http://\(fleet.address)",
                    "--token-file", directory("admin.token"),
                ], directory)
        }
    }

    private struct ShellResult: Sendable {
        var status: Int32?
        var error: String
    }

    private static func run(_ arguments: [String], _ directory: TemporaryDirectory) throws -> ShellResult {
        let error = open(directory("errors"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        defer { close(error) }
        let child = try ChildProcess(program, arguments, error: error)
        return ShellResult(status: child.status(within: .seconds(120)), error: try directory.text("errors"))
    }

    @Test func ansibleGetsAnInventoryAndWhatEachHostsFilesHave() async throws {
        let fleet = try await RunningFleet(directory)
        let (cluster, _) = try await fleet.deployable(2, extensions: [])
        #expect(try await export(fleet, "ansible", to: "early").error.contains("was not deployed yet"))
        _ = try await fleet.deploy(cluster)
        #expect(try await export(fleet, "ansible", to: "inventory").status == 0)
        #expect(try await export(fleet, "ansible", to: "inventory").status == 0)
        let hosts = try directory.text("inventory/hosts.yml")
        _ = try YAMLValue(file: "hosts.yml", text: hosts)
        #expect(hosts.contains("\"hypsometer_one\":") && hosts.contains("\"hypsometer_role_compute\":"))
        let variables = try directory.text("inventory/host_vars/c1.yml")
        let values = try YAMLValue(file: "c1.yml", text: variables).mapping(
            known: ["hypsometer_node", "hypsometer_config", "hypsometer_polling", "hypsometer_pipeline"])
        let sources = try #require(try values["hypsometer_polling"]?.mapping(known: ["sources"])["sources"])
        let source = try sources.list(of: "sources")[0].mapping(known: ["name", "interval", "meters"])
        #expect(try source["name"]?.string() == "cpu")
        #expect(try source["interval"]?.integer(1...100, unit: "seconds") == 60)
        let attributes = try FileManager.default.attributesOfItem(atPath: directory("inventory/host_vars/c1.yml"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try directory.write("mine", to: "other/file")
        #expect(try await export(fleet, "ansible", to: "other").error.contains("a directory with other files"))
        #expect(try directory.text("other/file") == "mine")
        try await fleet.stop()
    }

    @Test func cloudInitBringsAHostUpWithATokenThatIsGoodForItsRegistration() async throws {
        let fleet = try await RunningFleet(directory, "advertised_url = https://fleet.example.org:4954")
        let (cluster, _) = try await fleet.deployable(1, extensions: [])
        _ = try await fleet.deploy(cluster)
        #expect(try await export(fleet, "cloud-init", to: "hosts").status == 0)
        let text = try directory.text("hosts/c1/user-data")
        #expect(text.hasPrefix("#cloud-config\n"))
        let values = try YAMLValue(file: "user-data", text: text).mapping(known: ["hostname", "write_files", "runcmd"])
        #expect(try values["hostname"]?.string() == "c1")
        let files = try #require(try values["write_files"]?.list(of: "files")).map {
            try $0.mapping(known: ["path", "permissions", "content"])
        }
        #expect(try files[0]["content"]?.string().contains("url = https://fleet.example.org:4954") == true)
        #expect(try files[1]["path"]?.string() == "/etc/hypsometer/bootstrap.token")
        #expect(try files[1]["permissions"]?.string() == "0600")
        let token = try #require(try files[1]["content"]?.string()).trimmingCharacters(in: .whitespacesAndNewlines)
        let reply = try await fleet.send(
            "POST", "/v1/nodes", #"{"mac": "\#(RunningFleet.mac(9))", "status": "discover"}"#, token: token)
        #expect(reply.status == 201)
        try await fleet.stop()
    }
}
