// SPDX-License-Identifier: Apache-2.0
internal import FleetExtensions
internal import GRDB
internal import HypsometerKit
internal import Logging
internal import PluginHost
internal import Settings

/// What extensions are asked before something happens.
extension ExtensionHost {
    /// All that want to know are asked at once; the first refusal, by name, is what the caller is told.
    func review(_ proposed: [FleetEvent], origin: String?) async throws {
        let kinds = Set(proposed.map(\.kind))
        let asked = extensions.filter { entry in
            entry.isRunning && entry.name != origin && entry.declaration?.checks.isDisjoint(with: kinds) == false
        }
        if asked.isEmpty { return }
        let answers = await withTaskGroup(of: (String, FleetProblem?).self) { group in
            for entry in asked {
                group.addTask {
                    for event in proposed where entry.declaration?.checks.contains(event.kind) == true {
                        if let problem = await self.ask(entry, event) { return (entry.name, problem) }
                    }
                    return (entry.name, nil)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        if let problem = answers.sorted(by: { $0.0 < $1.0 }).compactMap(\.1).first { throw problem }
    }

    private func ask(_ entry: LoadedExtension, _ event: FleetEvent) async -> FleetProblem? {
        let kind = event.kind.rawValue
        do {
            try await counted(entry) { try await entry.plugin.check(event, within: setup.extensionTimeout) }
            return nil
        } catch let refusal as FleetRefusal {
            return FleetProblem(
                .refused,
                "The extension \(entry.name) doesn't let \(kind) happen: \(refusal.description.shortened(to: 1000))",
                extensionName: entry.name, event: kind)
        } catch {
            guard entry.policy == .refuse else {
                log.warning("extension \(entry.name) was not asked about \(kind), as it fails; going on: \(error)")
                return nil
            }
            return FleetProblem(
                .unanswered, "The extension \(entry.name) has to be asked about \(kind) and fails: \(error)",
                extensionName: entry.name, event: kind)
        }
    }

    /// What the extensions of a cluster have against deploying it.
    struct DeploymentFinding: Sendable, Hashable {
        var extensionName: String?
        var message: String
        var isFatal = true
    }

    /// Asks those that are enabled on the cluster, in its order. Where one of them is not there nobody is asked.
    func checkDeployment(of cluster: FleetCluster, nodes: [FleetNode]) async throws -> [DeploymentFinding] {
        let known = extensions
        let enabled = cluster.extensions.map { name in (name, known.first { $0.name == name }) }
        let absent = enabled.filter { $0.1?.isRunning != true }.map { name, entry in
            DeploymentFinding(
                extensionName: name,
                message: entry.map { "The extension is \($0.now.state.rawValue): \($0.now.reason)" }
                    ?? "The extension is enabled on the cluster and not installed; install it, or disable it there.")
        }
        if !absent.isEmpty { return absent }
        var findings: [DeploymentFinding] = []
        for case (let name, let entry?) in enabled {
            do {
                try await counted(entry) {
                    try await entry.plugin.checkDeployment(of: cluster, nodes: nodes, within: setup.extensionTimeout)
                }
            } catch let refusal as FleetRefusal {
                findings.append(
                    DeploymentFinding(extensionName: name, message: refusal.description.shortened(to: 1000)))
            } catch {
                findings.append(
                    DeploymentFinding(
                        extensionName: name, message: "The extension fails: \(error)", isFatal: entry.policy == .refuse)
                )
            }
        }
        return findings
    }

    /// Makes a call, and notes how it ended: an extension that refuses has answered.
    func counted<Value: Sendable>(
        _ entry: LoadedExtension, _ call: () async throws -> Value
    ) async throws -> Value {
        entry.change { $0.calls += 1 }
        do {
            let value = try await call()
            noteSuccess(entry)
            return value
        } catch let refusal as FleetRefusal {
            noteSuccess(entry)
            throw refusal
        } catch let error as CancellationError {
            throw error
        } catch {
            await noteFailure(entry, error)
            throw error
        }
    }

    private func noteSuccess(_ entry: LoadedExtension) {
        let before = entry.change { condition in
            defer { condition.failures = 0 }
            return condition.failures
        }
        if before > 0 { log.notice("extension \(entry.name) works again", metadata: ["failures": "\(before)"]) }
    }

    /// The statement was not carried out; that it was tried is for the operator to know.
    func noteRefusedStatement(of entry: LoadedExtension, _ error: any Error) {
        let count = entry.change { condition in
            condition.refusedStatements += 1
            return condition.refusedStatements
        }
        guard count == 1 else { return }
        log.error("extension \(entry.name) tried a statement that it may not use: \("\(error)".shortened(to: 500))")
    }

    private func noteFailure(_ entry: LoadedExtension, _ error: any Error) async {
        let (failures, isOver) = entry.change { condition -> (Int, Bool) in
            condition.failures += 1
            condition.failedCalls += 1
            condition.lastError = "\(error)".shortened(to: 500)
            let isOver = condition.state == .running && condition.failures >= setup.mostFailures
            if isOver {
                condition.state = .off
                condition.reason = "failed \(condition.failures) times, at last: \("\(error)".shortened(to: 500))"
            }
            return (condition.failures, isOver)
        }
        if failures == 1 { log.error("extension \(entry.name) fails: \("\(error)".shortened(to: 500))") }
        guard isOver else { return }
        let reason = entry.now.reason
        log.error("extension \(entry.name) is switched off: it \(reason)")
        do {
            try await inventory.write { database in
                try ExtensionRows.set(entry.name, isOn: false, reason: reason, database)
                try AuditRows.add(
                    .service, "extension.off", "extension \(entry.name)", outcome: "done", detail: reason, database)
            }
        } catch {
            log.error("could not note that extension \(entry.name) is off: \(error)")
        }
    }
}
