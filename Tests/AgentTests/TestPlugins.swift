// SPDX-License-Identifier: Apache-2.0
import Agent
import Publishers
import Settings
import Telemetry
import TestSupport

/// A front door with two pollsters, a setting and the publishers there are.
struct TestPlugins: PluginSource {
    static let uri = Setting("libvirt_uri", in: "DEFAULT", default: "", help: "Where the hypervisor is.")

    var settings: [AnySetting] { [AnySetting(Self.uri)] }

    func plugins(for configuration: Configuration) throws(Mistakes) -> (plugins: Plugins, generation: Int) {
        var plugins = Plugins(
            pollsters: [.of("cpu", ["cpu", "cpu_util"]), .of("volume", ["volume.size"], namespaces: ["central"])],
            discoveries: [.of("local", TestDiscovery(["vm-1"]))],
            publishers: BuiltInPublishers.all(.init(host: "here", log: LogMemory().logger)))
        plugins.hostName = "here"
        return (plugins, 7)
    }
}

/// A directory with an operator's files, and what the agent makes of it.
struct Operator {
    let directory: TemporaryDirectory

    /// - Parameter texts: by name; `a.conf` is what the agent is started with, and `etc` the system's directory.
    init(_ texts: [String: String]) throws {
        directory = try TemporaryDirectory()
        for (name, text) in texts { try directory.write(text, to: name) }
    }

    func loader(
        environment: [String: String] = [:], _ change: (inout AgentOptions) -> Void = { _ in }
    ) -> SetupLoader {
        var options = AgentOptions()
        options.configFiles = [directory("a.conf")]
        change(&options)
        return SetupLoader(
            options: options, environment: environment, source: TestPlugins(), systemDirectory: directory("etc"))
    }

    func load(
        environment: [String: String] = [:], _ change: (inout AgentOptions) -> Void = { _ in }
    ) throws(Mistakes) -> AgentSetup {
        let loader = loader(environment: environment, change)
        return try withExtendedLifetime(directory) { () throws(Mistakes) in try loader.load() }
    }

    /// The lines an operator reads, with the directory left out.
    func mistakes(
        environment: [String: String] = [:], _ change: (inout AgentOptions) -> Void = { _ in }
    ) -> [String] {
        do throws(Mistakes) {
            _ = try load(environment: environment, change)
            return []
        } catch {
            return error.all.map { $0.description.replacing(directory.path + "/", with: "") }
        }
    }
}
