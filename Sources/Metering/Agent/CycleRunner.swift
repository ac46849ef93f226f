// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Pipelines
internal import Synchronization
internal import Telemetry

/// Runs one cycle: discoveries, then pollsters, each on its own, so that one that is slow or fails keeps nobody.
struct CycleRunner: Sendable {
    let setup: AgentSetup
    let pool: PollsterPool
    let faults: FaultLog
    /// nil where this agent is alone.
    var sharing: (any WorkSharing)?
    var times: PollTimes?

    /// - Parameters:
    ///   - room: is awaited where a pollster has more to come.
    ///   - deliver: gets each pollster's samples as soon as they are there.
    /// - Returns: the samples, and the errors of what failed.
    func run(
        _ group: PollingPlan.Group, _ cycle: PollingCycle, room: @escaping @Sendable () async -> Void = {},
        deliver: @escaping @Sendable ([Sample]) async -> Void
    ) async -> (samples: Int, errors: [any Error]) {
        let round = DiscoveryRound(
            setup.plugins.discoveries, cycle: cycle, faults: faults,
            share: await sharing?.share(in: setup.plan.coordinationGroups))
        let seen = SeenSamples(isNeeded: group.hasOverlappingRuns)
        let work = { @Sendable (lane: RunQueue) async -> (samples: Int, errors: [any Error]) in
            var total: (samples: Int, errors: [any Error]) = (0, [])
            while let run = lane.next() {
                let (samples, errors) = await poll(run, every: group.interval, cycle, round, seen, room, deliver)
                total = (total.samples + samples, total.errors + errors)
            }
            return total
        }
        let lanes = RunQueue.lanes(for: group.runs, atMost: setup.pollstersAtOnce)
        guard let last = lanes.last else { return (0, []) }
        return await withTaskGroup(of: (samples: Int, errors: [any Error]).self) { tasks in
            for lane in lanes.dropLast() { tasks.addTask { await work(lane) } }
            // The last in this task itself: often it is the only one.
            let own = await work(last)
            return await tasks.reduce(into: own) { total, one in
                total.samples += one.samples
                total.errors += one.errors
            }
        }
    }

    private func poll(
        _ run: PollingPlan.Run, every interval: Int, _ cycle: PollingCycle, _ round: DiscoveryRound,
        _ seen: SeenSamples, _ room: @Sendable () async -> Void, _ deliver: @Sendable ([Sample]) async -> Void
    ) async -> (Int, [any Error]) {
        let key = PollsterPool.Key(
            interval: interval, pollster: run.pollster, selection: run.selection, generation: setup.generation)
        guard let pollster = pool.pollster(key, from: setup.plugins.pollsters) else { return (0, []) }
        let namespaces = setup.plugins.pollsters.first { $0.name == run.pollster }?.namespaces ?? []
        // What is polled on a compute host is that host's.
        let isShared = namespaces.contains("central")
        let hasSelection = !(run.selection.discoveries.isEmpty && run.selection.resources.isEmpty)
        if let group = run.selection.group {
            guard round.isOurs(run.pollster, in: group) else { return (0, []) }
        } else if isShared, !hasSelection, !round.isOurs("pollster \(run.pollster)") {
            return (0, [])
        }
        var (resources, errors) = await resources(run.selection, round, isShared: isShared)
        let isWhole = errors.isEmpty
        let show = { (samples: [Sample]) in
            let reading = PollsterReading(
                samples, of: run.pollster + run.selection.words, every: interval, isWhole: isWhole)
            for observer in setup.plugins.observers { observer.note(reading) }
        }
        if resources.isEmpty, hasSelection {
            if isWhole { show([]) }
            return (0, errors)
        }
        let audible = pool.silenced.audible(resources, for: run.pollster)
        if audible.isEmpty, !resources.isEmpty { return (0, errors) }
        let context = "every \(interval) s\(run.selection.words)"
        let delivered = Atomic(0)
        times?.note(run.meters, at: .now)
        do {
            if let streaming = pollster as? any StreamingPollster {
                // Kept for those alone who want to see all of it.
                let shown = setup.plugins.observers.isEmpty ? nil : Mutex<[Sample]>([])
                try await streaming.poll(audible, meters: run.meters, in: cycle) { part in
                    shown?.withLock { $0 += part }
                    let samples = seen.filter(part)
                    delivered.add(samples.count, ordering: .relaxed)
                    await deliver(samples)
                    await room()
                }
                if let shown { show(shown.withLock(\.self)) }
            } else {
                let all = try await pollster.poll(audible, meters: run.meters, in: cycle)
                show(all)
                let samples = seen.filter(all)
                delivered.add(samples.count, ordering: .relaxed)
                await deliver(samples)
            }
            pool.silenced.forget(audible, of: run.pollster)
            faults.note("pollster \(run.pollster)", in: context, nil)
            return (delivered.load(ordering: .relaxed), errors)
        } catch let error as PollsterPermanentError where !error.resourceIDs.isEmpty {
            let time = pool.silenced.silence(error.resourceIDs, of: run.pollster)
            pool.silenced.forget(audible.filter { !error.resourceIDs.contains($0.id) }, of: run.pollster)
            faults.note("pollster \(run.pollster)", in: context, nil)
            faults.noteSilence("pollster \(run.pollster)", of: error.resourceIDs, for: time, error)
            show(error.samples)
            let samples = seen.filter(error.samples)
            await deliver(samples)
            return (samples.count, errors + [error])
        } catch {
            // Cut short by our own end, nothing has failed.
            if !Task.isCancelled { faults.note("pollster \(run.pollster)", in: context, error) }
            errors.append(error)
            return (delivered.load(ordering: .relaxed), errors)
        }
    }

    private func resources(
        _ selection: PollingPlan.Selection, _ round: DiscoveryRound, isShared: Bool
    ) async -> ([Resource], [any Error]) {
        var resources = selection.resources.filter { !isShared || round.isOurs($0) }.map { Resource(id: $0) }
        var errors: [any Error] = []
        for text in selection.discoveries {
            do {
                resources += try await round.resources(text, isDivided: selection.group == nil)
            } catch {
                errors.append(error)
            }
        }
        return (resources, errors)
    }
}

extension PollingPlan.Selection {
    /// For the log, after the interval.
    fileprivate var words: String {
        (discoveries + resources).isEmpty ? "" : " on " + (discoveries + resources).joined(separator: ", ")
    }
}

extension PollingPlan.Group {
    /// Two runs may come upon the same resource with the same meter.
    fileprivate var hasOverlappingRuns: Bool {
        runs.indices.contains { index in
            runs[..<index].contains { !$0.meters.isDisjoint(with: runs[index].meters) }
        }
    }
}

/// Which meter of which resource a cycle has had already: where two sources want the same, it is sent once.
private final class SeenSamples: Sendable {
    private struct Key: Hashable {
        var meter: String
        var resource: String
    }

    private let isNeeded: Bool
    private let keys = Mutex<Set<Key>>([])

    init(isNeeded: Bool) { self.isNeeded = isNeeded }

    func filter(_ samples: [Sample]) -> [Sample] {
        guard isNeeded else { return samples }
        return keys.withLock { keys in
            let fresh = samples.filter { !keys.contains(Key(meter: $0.name, resource: $0.resourceID)) }
            keys.formUnion(fresh.map { Key(meter: $0.name, resource: $0.resourceID) })
            return fresh
        }
    }
}
