// SPDX-License-Identifier: Apache-2.0
internal import FleetExtensions
internal import GRDB
internal import HypsometerKit
internal import Logging
internal import PluginHost

/// What extensions are told of after it has happened: each from where it was told last, in order, at least once.
extension ExtensionHost {
    private static let batch = 100
    private static let longestPause = Duration.seconds(30)

    /// Until it is cancelled.
    func tellAll() async {
        await withDiscardingTaskGroup { group in
            for entry in extensions where entry.declaration != nil {
                group.addTask { await self.tell(entry) }
            }
        }
    }

    private func tell(_ entry: LoadedExtension) async {
        for await _ in inventory.changes() {
            while entry.isRunning, !Task.isCancelled {
                do {
                    if try await !tellNext(entry) { break }
                } catch {
                    guard !Task.isCancelled else { return }
                    // Whoever fails was noted; the event is told again.
                    let pause = min(Duration.milliseconds(100) * (1 << min(entry.now.failures, 10)), Self.longestPause)
                    try? await Task.sleep(for: pause)  // cancellation ends the loop
                }
            }
        }
    }

    /// - Returns: whether there may be more.
    private func tellNext(_ entry: LoadedExtension) async throws -> Bool {
        let start = entry.now
        let events = try await inventory.read { database in
            try EventRows.after(start.delivered, limit: Self.batch, database)
        }
        guard let last = events.last else { return false }
        var told = start.delivered
        var failure: (any Error)?
        for event in events where entry.isRunning && entry.now.replays == start.replays {
            if entry.declaration?.events.contains(event.kind) == true {
                do {
                    try await counted(entry) { try await entry.plugin.tell(event, within: setup.extensionTimeout) }
                } catch let refusal as FleetRefusal {
                    log.notice(
                        "extension \(entry.name) has something against \(event.kind.rawValue), which has happened: \(refusal)"
                    )
                } catch {
                    failure = error
                    break
                }
            }
            told = event.number
        }
        try await note(entry, delivered: told, since: start.replays)
        if let failure { throw failure }
        return told == last.number || entry.isRunning
    }

    private func note(_ entry: LoadedExtension, delivered: Int, since replays: Int) async throws {
        let isCurrent = entry.change { condition in
            guard condition.replays == replays else { return false }
            condition.delivered = delivered
            return true
        }
        guard isCurrent else { return }
        // Also where the service is told to end meanwhile: what was told is not told again.
        let writing = Task { [inventory, name = entry.name] in
            try await inventory.write { try ExtensionRows.set(name, delivered: delivered, $0) }
        }
        try await writing.value
    }

    /// Tells it anew of everything after that event.
    func replay(_ name: String, after number: Int, as caller: Caller) async throws {
        let entry = try find(name)
        try await inventory.write { database in
            let last = try EventRows.last(database)
            guard (0...last).contains(number) else {
                throw FleetProblem(.invalid, "There is no event \(number); the last one is \(last).")
            }
            try ExtensionRows.set(name, delivered: number, database)
            try AuditRows.add(
                caller, "extension.replay", "extension \(name)", outcome: "done", detail: "after event \(number)",
                database)
        }
        entry.change {
            $0.delivered = number
            $0.replays += 1
        }
        inventory.tellListeners()
    }

    /// - Parameter reason: why an operator switches it off.
    func set(_ name: String, isOn: Bool, reason: String, as caller: Caller) async throws {
        let entry = try find(name)
        guard entry.declaration != nil else { return try entry.requireRunning() }
        try await inventory.write { database in
            try ExtensionRows.set(name, isOn: isOn, reason: isOn ? "" : reason, database)
            try AuditRows.add(
                caller, isOn ? "extension.on" : "extension.off", "extension \(name)", outcome: "done", detail: reason,
                database)
        }
        if isOn {
            await offThread { entry.bringUpToDate() }
            try entry.requireRunning()
            inventory.tellListeners()
        } else {
            entry.change { ($0.state, $0.reason) = (.off, reason) }
        }
    }
}
