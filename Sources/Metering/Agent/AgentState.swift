// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Daemon
internal import Logging
internal import Pipelines
internal import Settings
internal import Telemetry

/// What the loops share: the setup in force, which a reload replaces under them, and what has been done.
actor AgentState {
    private(set) var setup: AgentSetup
    private var pipeline: Pipeline
    /// nil as long as no publisher has needed one.
    private var spool: Spool?
    /// Of earlier setups, with samples that may still wait.
    private var retiredQueues: [PublisherQueue] = []
    private let pool = PollsterPool()
    private let sharing: (any WorkSharing)?
    private let times: PollTimes?
    private let faults: FaultLog
    private let log: Logger
    private var intervals: Set<Int> = []
    private let intervalStream: AsyncStream<Int>
    private let intervalInput: AsyncStream<Int>.Continuation
    private var cycles: UInt64 = 0
    private var samples = 0
    private var missedTicks = 0
    private var late: Set<Int> = []
    private var handedBack = MonotonicTime.now
    /// Between two times that memory is given back, which costs a little of what is needed again.
    private static let pause = Duration.seconds(60)

    init(
        setup: AgentSetup, pipeline: Pipeline, spool: Spool?, sharing: (any WorkSharing)?, times: PollTimes?,
        log: Logger
    ) {
        self.sharing = sharing
        self.times = times
        self.setup = setup
        self.pipeline = pipeline
        self.spool = spool
        self.log = log
        faults = FaultLog(log: log)
        (intervalStream, intervalInput) = AsyncStream.makeStream()
        intervals = Set(setup.plan.groups.map(\.interval))
        for interval in intervals { intervalInput.yield(interval) }
    }

    /// For systemd and the log.
    var status: String {
        let rhythms = setup.plan.groups.map { "\($0.meters.count) meters every \($0.interval) s" }
        let work = rhythms.isEmpty ? "polling nothing" : "polling " + rhythms.joined(separator: ", ")
        return work + (setup.origin.map { "; \($0)" } ?? "")
    }

    /// The intervals that want a loop, those of the first setup first.
    func newIntervals() -> AsyncStream<Int> { intervalStream }

    /// Puts a new setup in force: loops take it up at their next cycle, new intervals begin at once.
    func take(_ new: AgentSetup) async throws(Mistakes) {
        try await openSpool(new.spool)
        let last = pipeline
        let next = try Pipeline(
            new.pipeline, publishers: new.plugins.publishers, spool: spool, reusing: last.queues,
            remembering: last.transformers, log: log)
        let retired = last.queues.filter { old in !next.queues.contains { $0 === old } }
        retiredQueues += retired
        pipeline = next
        setup = new
        LogSetup.level = new.logLevel
        for remark in new.remarks { log.notice("\(remark)") }
        for interval in new.plan.groups.map(\.interval) where intervals.insert(interval).inserted {
            intervalInput.yield(interval)
        }
        let keys = new.plan.groups.flatMap { group in
            group.runs.map {
                PollsterPool.Key(
                    interval: group.interval, pollster: $0.pollster, selection: $0.selection, generation: new.generation
                )
            }
        }
        pool.keep(Set(keys))
        await last.finish(sparing: next.transformers)
        await retired.retire()
        await begin()
    }

    private func openSpool(_ options: SpoolOptions?) async throws(Mistakes) {
        guard spool == nil, let options else { return }
        do throws(Mistake) {
            spool = try await Spool.open(options, log: log)
        } catch {
            throw Mistakes([error])
        }
    }

    /// Lets publishers send what waits for them from before.
    func begin() async {
        // Before a first cycle adds its own to what reading the configuration took.
        if cycles == 0 { handBack() }
        await pipeline.begin()
        let configured = pipeline.destinations
        for (publisher, samples) in await spool?.waiting ?? [:] where !configured.contains(publisher) {
            log.notice(
                "samples wait in the spool for a publisher that is no longer configured; they stay until they are too old",
                metadata: ["publisher": "\(publisher)", "samples": "\(samples)"])
        }
    }

    /// - Returns: false where nothing is polled at this interval any more.
    func runCycle(every interval: Int) async -> Bool {
        guard let group = setup.plan.groups.first(where: { $0.interval == interval }) else {
            intervals.remove(interval)
            return false
        }
        cycles += 1
        let started = MonotonicTime.now
        // A little before the next tick, so that a cycle in which something hangs costs itself and not the next too.
        let deadline = started + .seconds(0.9 * Double(interval))
        let cycle = PollingCycle(
            number: cycles, deadline: deadline, meters: group.meters, sampleSource: setup.sampleSource)
        let runner = CycleRunner(setup: setup, pool: pool, faults: faults, sharing: sharing, times: times)
        let result = await runner.run(group, cycle) { [pipeline] in
            await pipeline.room(by: deadline)
        } deliver: { [pipeline] in
            await pipeline.publish($0)
        }
        samples += result.samples
        let duration = MonotonicTime.now.seconds(since: started)
        // A cycle is done once nothing of it can be lost with this process.
        await pipeline.settle(by: deadline)
        Counter(label: "samples_total").increment(by: result.samples)
        CoreMetrics.Timer(label: "cycle_seconds", dimensions: [("interval", "\(interval)")])
            .recordNanoseconds(Int64(duration * 1e9))
        // By the second cycle all that a cycle needs has been in use.
        if cycles <= 2 || handedBack + Self.pause < .now { handBack() }
        log.debug(
            "cycle done",
            metadata: [
                "interval": "\(interval)", "samples": "\(result.samples)", "failed": "\(result.errors.count)",
                "milliseconds": "\(Int(duration * 1000))",
            ])
        return true
    }

    /// Gives back memory that only the start, or the burst of a cycle, has needed.
    private func handBack() {
        ProgramPages.handBack()
        Allocator.trim()
        handedBack = .now
    }

    /// Ticks that passed while a cycle was still running are left out, not made up for.
    func noteMissedTicks(_ count: Int, every interval: Int) {
        missedTicks += count
        Counter(label: "polls_left_out_total", dimensions: [("interval", "\(interval)")]).increment(by: count)
        if count > 0, late.insert(interval).inserted {
            log.warning(
                "a cycle takes longer than its interval; polls are left out",
                metadata: ["interval": "\(interval)", "left out": "\(count)", "so far": "\(missedTicks)"])
        } else if count == 0, late.remove(interval) != nil {
            log.notice(
                "cycles fit their interval again",
                metadata: ["interval": "\(interval)", "left out so far": "\(missedTicks)"])
        }
    }

    /// Waits for what is being delivered, at most half of the time there is for an end.
    func drain() async {
        intervalInput.finish()
        await pipeline.finish()
        _ = await (pipeline.queues + retiredQueues).drain(within: setup.shutdownTimeout / 2)
        var dropped = await pipeline.dropped
        for queue in retiredQueues { dropped += await queue.dropped }
        log.info(
            "stopped",
            metadata: [
                "cycles": "\(cycles)", "samples": "\(samples)", "samples dropped": "\(dropped)",
                "polls left out": "\(missedTicks)",
            ])
    }
}
