// SPDX-License-Identifier: Apache-2.0
internal import Dispatch
internal import Glibc
internal import HypsometerKit
package import Logging
package import Settings
internal import Synchronization
internal import Telemetry

/// Runs the plug-ins that are installed, each in a process of its own, for one service.
package final class PluginSupervisor: Sendable {
    private struct Installed {
        var manifest: PluginManifest
        var fingerprint: PluginFingerprint
        var slot: PluginSlot
    }

    private struct State {
        var installed: [String: Installed] = [:]
        var reports: [String: PluginReport] = [:]
        var processes: [PluginProcess] = []
        /// What ran after the last load, and how often that has changed.
        var running: [PluginFingerprint: StartAnswer] = [:]
        var generation = 0
        var stateDirectory: String?
        var cannotWrite = false
    }

    private let service: String
    private let policy: RestartPolicy
    private let isReporting: Bool
    private let log: Logger
    private let state = Mutex(State())

    /// - Parameter isReporting: whether to keep the state file; not where the program only looks.
    package init(service: String, policy: RestartPolicy = RestartPolicy(), isReporting: Bool, log: Logger) {
        // Writing to a plug-in that has just ended is an error like others, not our end.
        signal(SIGPIPE, SIG_IGN)
        self.service = service
        self.policy = policy
        self.isReporting = isReporting
        self.log = log
    }

    /// Starts what is installed; blocks until each plug-in has answered or could not. What is the same as at the last
    /// time goes on as it is. A plug-in that can't be loaded is left out and said in a line.
    ///
    /// - Throws: where a directory that an operator named can't be read.
    package func load(_ request: Request) throws(Mistakes) -> LoadedPlugins {
        var files = try PluginFiles(in: request.settings.directories)
        files.dropConflicts()
        files.dropBuiltIn(request.builtIn)
        for mistake in files.mistakes.inOrder { log.error("plug-in not loaded: \(mistake)") }
        let wanted = files.manifests.filter { manifest in
            manifest.entries.contains { request.namespaces.contains($0.namespace) }
        }
        let begun = wanted.map { ($0, begin($0, request)) }
        retire(all: { name in !wanted.contains { $0.name == name } })
        var loaded = LoadedPlugins()
        loaded.hasGaps = !files.mistakes.isEmpty
        loaded.problems = files.mistakes.inOrder.map { "\($0)" }
        var running: [PluginFingerprint: StartAnswer] = [:]
        for (manifest, slot) in begun {
            let answer = settle(manifest, slot)
            if slot.current != nil, let fingerprint = state.withLock({ $0.installed[manifest.name]?.fingerprint }) {
                running[fingerprint] = answer
            }
            for entry in manifest.entries where request.namespaces.contains(entry.namespace) {
                loaded.sections.insert(entry.section)
                loaded.add(
                    entry, at: manifest.path,
                    answer?.entries.first { $0.namespace == entry.namespace && $0.name == entry.name },
                    of: slot, pollingNamespaces: request.pollingNamespaces)
            }
        }
        loaded.generation = state.withLock { state in
            state.stateDirectory = request.settings.stateDirectory
            if state.running != running { state.generation += 1 }
            state.running = running
            return state.generation
        }
        report()
        return loaded
    }

    /// Blocks until nothing of any plug-in is left.
    package func stop() {
        retire(all: { _ in true }, gently: false)
        for process in state.withLock({ $0.processes }) {
            process.stop()
            process.waitForEnd()
        }
        report()
    }

    /// - Returns: the place that the plug-in's process is in, or will be once it has started.
    private func begin(_ manifest: PluginManifest, _ request: Request) -> PluginSlot {
        let entries = manifest.entries.filter { request.namespaces.contains($0.namespace) }.map { entry in
            StartMessage.Entry(
                namespace: entry.namespace, name: entry.name,
                options: request.configuration.texts(in: entry.section))
        }
        var start = StartMessage(
            service: service, hostName: request.hostName, settings: request.shared, entries: entries)
        start.hostMethods = request.hostCalls?.methods ?? []
        let fingerprint = PluginFingerprint(manifest, start, request.settings.timeout)
        let known = state.withLock { $0.installed[manifest.name] }
        if let known, known.fingerprint == fingerprint, known.slot.current != nil { return known.slot }
        let slot = known?.slot ?? PluginSlot(name: manifest.name)
        let process = PluginProcess(
            name: manifest.name, path: manifest.executable, start: start, timeout: request.settings.timeout,
            policy: policy, log: log, hostCalls: request.hostCalls
        ) { [weak self] condition in self?.note(condition, of: manifest) }
        state.withLock { state in
            state.installed[manifest.name] = Installed(manifest: manifest, fingerprint: fingerprint, slot: slot)
            state.processes.removeAll(where: \.hasEnded)
            state.processes.append(process)
        }
        slot.put(process)?.stop(gently: true)
        process.begin()
        return slot
    }

    /// - Returns: what the plug-in offers; nil where it offers nothing.
    private func settle(_ manifest: PluginManifest, _ slot: PluginSlot) -> StartAnswer? {
        guard let process = slot.current else { return nil }
        switch process.waitForStart() {
        case .failure(let error):
            log.error("plug-in not loaded: \(manifest.path): \(error)")
            _ = slot.put(nil, absence: error.reason)
            return nil
        case .success(let answer):
            if let reason = answer.whyDisabled {
                log.notice("plug-in \(manifest.name) takes no part: \(reason.shortened(to: 300))")
                _ = slot.put(nil, absence: "takes no part: \(reason)")
                process.stop()
                return answer.disabled == nil ? answer : nil
            }
            for entry in answer.entries {
                guard let reason = entry.disabled else { continue }
                log.notice(
                    "plug-in \(manifest.name): [\(entry.namespace)] \(entry.name) takes no part: \(reason.shortened(to: 300))"
                )
            }
            return answer
        }
    }

    private func retire(all isRetired: (String) -> Bool, gently: Bool = true) {
        let retired = state.withLock { state in
            let retired = state.installed.values.filter { isRetired($0.manifest.name) }
            for installed in retired {
                state.installed[installed.manifest.name] = nil
                state.reports[installed.manifest.name] = nil
            }
            return retired
        }
        for installed in retired { installed.slot.put(nil)?.stop(gently: gently) }
    }

    private func note(_ condition: PluginProcess.Condition, of manifest: PluginManifest) {
        state.withLock { state in
            // A process that another has replaced has nothing more to say.
            guard state.installed[manifest.name]?.manifest == manifest || condition.state != .stopped else { return }
            state.reports[manifest.name] = PluginReport(
                name: manifest.name, version: manifest.version, path: manifest.path,
                entryPoints: manifest.entries.map { "\($0.namespace) \($0.name)" }, state: condition.state.rawValue,
                reason: condition.reason)
        }
        report()
    }

    /// Writes the state file, where there is one to keep.
    private func report() {
        guard isReporting else { return }
        state.withLock { state in
            guard let directory = state.stateDirectory else { return }
            let plugins = state.reports.values.sorted { $0.name < $1.name }
            do throws(SystemError) {
                if plugins.isEmpty, !TextFile.exists(StateFile.path(of: service, in: directory)) { return }
                try StateFile(service: service, plugins: plugins).write(to: directory)
                state.cannotWrite = false
            } catch {
                if !state.cannotWrite {
                    log.notice("could not note the plug-ins' state in \(directory): \(error)")
                }
                state.cannotWrite = true
            }
        }
    }
}
