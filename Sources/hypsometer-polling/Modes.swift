// SPDX-License-Identifier: Apache-2.0
import Agent
import Coordination
import CoreMetrics
import Daemon
import FleetAgent
import Glibc
import Logging
import Pipelines
import ServiceLifecycle
import Settings
import Telemetry
import UnixSignals
import Wire

/// What the program does, by its flags.
struct Modes {
    private let command: PollingCommand
    private let environment: [String: String]
    private let log = Logger(label: "hypsometer-polling")
    private let assembly: PluginAssembly
    private let loader: SetupLoader

    /// To be called before there are threads.
    init(_ command: PollingCommand) {
        self.command = command
        environment = Self.processEnvironment
        assembly = PluginAssembly(
            isPatient: !command.test && !command.once, isService: command.isService, directories: command.pluginDir,
            environment: environment, log: log)
        loader = SetupLoader(options: command.agentOptions, environment: environment, source: assembly)
        // Lanes to a hypervisor allocate side by side. The pages of a cloud's lists come one after the other, each as
        // large as the last: in two arenas there would be room for two of them.
        let namespaces = try? loader.configuration().value(AgentSettings.pollingNamespaces)  // mistakes are told later
        Allocator.share(arenas: namespaces == ["central"] ? 1 : 2)
    }

    /// - Returns: the exit status.
    func run() async throws(Mistakes) -> Int32 {
        do throws(Mistakes) {
            let status = try await runMode()
            await stopPlugins()
            return status
        } catch {
            await stopPlugins()
            throw error
        }
    }

    private func stopPlugins() async { await offPool { [assembly] in assembly.stop() } }

    private func runMode() async throws(Mistakes) -> Int32 {
        if command.printConfig { return try printConfig() }
        if command.listPollsters { return try listPollsters() }
        let fleet = try FleetAssembly(try loader.configuration(), commandLine: command.fleet, log: log)
        var loader = loader
        if var known = fleet {
            let setup = try known.load(&loader)
            return try await run(setup, loader, known)
        }
        return try await run(try loader.load(), loader, nil)
    }

    private func run(
        _ setup: AgentSetup, _ loader: SetupLoader, _ fleet: FleetAssembly?
    ) async throws(Mistakes) -> Int32 {
        LogSetup.level = setup.logLevel
        if command.validateOnly { return try validate(setup) }
        if command.test { return await test(setup) }
        if command.once { return try await once(setup) }
        return try await serve(setup, loader, fleet)
    }

    private func printConfig() throws(Mistakes) -> Int32 {
        let configuration = try loader.configuration()
        let status = put(SampleFile.text(loader.settings, configuration))
        // Printed all the same: who looks for a mistake wants to see what is set where.
        try configuration.mistakes(against: loader.settings, foreign: .ceilometer).throwIfAny()
        return status
    }

    private func listPollsters() throws(Mistakes) -> Int32 {
        let pollsters = try assembly.plugins(for: try loader.configuration()).plugins.pollsters
        let rows = pollsters.flatMap { pollster in
            pollster.namespaces.sorted().flatMap { namespace in
                pollster.meters.map { [namespace, pollster.name, $0.name, $0.kind.rawValue, $0.unit] }
            }
        }
        return put(Table.text([["NAMESPACE", "POLLSTER", "METER", "TYPE", "UNIT"]] + rows))
    }

    private func validate(_ setup: AgentSetup) throws(Mistakes) -> Int32 {
        do throws(Mistake) {
            try setup.spool?.check()
        } catch {
            throw Mistakes([error])
        }
        let groups = setup.plan.groups.map { "every \($0.interval) s: \($0.meters.sorted().joined(separator: " "))\n" }
        return put((setup.remarks.map { $0 + "\n" } + groups).joined() + "The configuration is good.\n")
    }

    private func test(_ setup: AgentSetup) async -> Int32 {
        let outcome = await SinglePoll(setup: setup, log: log).run()
        let status = put(JSONLines.of(outcome.samples))
        return tell(outcome) ?? status
    }

    private func once(_ setup: AgentSetup) async throws(Mistakes) -> Int32 {
        let pipeline = try Pipeline(setup.pipeline, publishers: setup.plugins.publishers, log: log)
        await pipeline.begin()
        let outcome = await SinglePoll(setup: setup, log: log).run()
        await pipeline.publish(outcome.samples)
        await pipeline.finish()
        _ = await pipeline.queues.drain(within: setup.shutdownTimeout)
        let dropped = await pipeline.dropped
        return tell(outcome) ?? (dropped == 0 ? 0 : 1)
    }

    private func serve(
        _ setup: AgentSetup, _ loader: SetupLoader, _ fleet: FleetAssembly?
    ) async throws(Mistakes) -> Int32 {
        for remark in setup.remarks { log.notice("\(remark)") }
        let memory = MetricsMemory()
        MetricsSystem.bootstrap(memory)
        let spool = try await openSpool(setup)
        let pipeline = try Pipeline(setup.pipeline, publishers: setup.plugins.publishers, spool: spool, log: log)
        let exporter = try await assembly.startExporter(memory)
        let heartbeat = Heartbeat()
        let notifier = SystemdNotifier(environment: environment)
        let agents = try group(setup.plan.coordinationGroups)
        let times = PollTimes()
        let heartbeatSocket = try heartbeatSocket(times)
        let polling = PollingService(
            setup: setup, pipeline: pipeline, spool: spool, loader: loader, heartbeat: heartbeat, notifier: notifier,
            sharing: agents.map { SharedWork(group: $0) }, times: times, log: log)
        let fleetAgent = fleet?.service(heartbeat) { deployed throws(Mistakes) in try await polling.take(deployed) }
        let report = SelfReport(memory, every: { await polling.reportInterval }, log: log)
        let watchdog = WatchdogService(notifier: notifier, heartbeat: heartbeat, log: log)
        var quiet = log
        quiet.logLevel = max(LogSetup.level, .notice)
        // The group of agents is left after the last cycle.
        let beside: [(any Service)?] = [exporter, watchdog, report, agents, heartbeatSocket, fleetAgent]
        let group = ServiceGroup(
            services: beside.compactMap(\.self) + [polling], gracefulShutdownSignals: [.sigterm, .sigint],
            logger: quiet)
        do {
            try await group.run()
            return 0
        } catch {
            log.critical("stopped by an error", metadata: ["error": "\(error)"])
            return 1
        }
    }

    private func heartbeatSocket(_ times: PollTimes) throws(Mistakes) -> HeartbeatSocket? {
        let configuration = try loader.configuration()
        do throws(Mistake) {
            return try HeartbeatSocket(configuration, times: times, log: log)
        } catch {
            throw Mistakes([error])
        }
    }

    /// - Parameter groups: those of sources.
    private func group(_ groups: Set<String>) throws(Mistakes) -> AgentGroup? {
        let configuration = try loader.configuration()
        do throws(Mistake) {
            return try SharedWork.settings(configuration).map { AgentGroup($0, groups: groups, log: log) }
        } catch {
            throw Mistakes([error])
        }
    }

    private func openSpool(_ setup: AgentSetup) async throws(Mistakes) -> Spool? {
        guard let options = setup.spool else { return nil }
        do throws(Mistake) {
            return try await Spool.open(options, log: log)
        } catch {
            throw Mistakes([error])
        }
    }

    /// Errors of a single poll, a line each on standard error.
    private func tell(_ outcome: SinglePoll.Outcome) -> Int32? {
        for error in outcome.errors { put("hypsometer-polling: \(error)\n", to: STDERR_FILENO) }
        if outcome.errors.isEmpty, outcome.samples.isEmpty {
            put("hypsometer-polling: there is nothing to sample: no resource was found\n", to: STDERR_FILENO)
        }
        return outcome.errors.isEmpty ? nil : 1
    }

    /// - Returns: 0, or 1 where it could not be written.
    @discardableResult
    private func put(_ text: String, to descriptor: Int32 = STDOUT_FILENO) -> Int32 {
        put(Array(text.utf8), to: descriptor)
    }

    private func put(_ bytes: [UInt8], to descriptor: Int32 = STDOUT_FILENO) -> Int32 {
        Output.put(bytes, to: descriptor, program: "hypsometer-polling")
    }

    private static var processEnvironment: [String: String] {
        var environment: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { environment[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        return environment
    }
}
