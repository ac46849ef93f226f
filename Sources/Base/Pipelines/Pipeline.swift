// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
package import Logging
package import Settings
package import Telemetry

/// The pipeline at work: hands each sample to the publishers of every sink that some source takes it to, through the
/// sink's transformers where it has some.
package actor Pipeline {
    /// Where a meter's samples go.
    private struct Route {
        /// Queues of sinks that change nothing.
        var queues: [Int] = []
        /// Branches that change samples first.
        var branches: [Int] = []
    }

    /// A sink with transformers.
    private struct Branch {
        var transformers: SinkTransformers
        var queues: [Int]
    }

    package nonisolated let definition: PipelineDefinition
    /// One queue for each URL, however many sinks name it.
    package nonisolated let queues: [PublisherQueue]
    /// Of each sink that has some.
    package nonisolated let transformers: [SinkTransformers]
    private nonisolated let senders: [(outbox: Outbox, sender: any Sender)]
    private let log: Logger
    private let branches: [Branch]
    private let sources: [(meters: MeterFilter, route: Route)]
    /// The queues that all samples go to, unchanged and whatever their meter; nil where that differs.
    private let common: [Int]?
    private var routesByMeter: [String: Route] = [:]
    /// Samples that were no finite number, which nothing carries.
    package private(set) var refused = 0

    /// - Parameter spool: where samples wait for other hosts; without one they wait in memory.
    /// - Parameter reusing: queues of a pipeline before this one; those of the same URLs are taken over, with what
    ///   waits in them.
    /// - Parameter remembering: transformers of that pipeline; those of sinks that stayed as they were are taken over,
    ///   so that a rate goes on.
    package init(
        _ definition: PipelineDefinition, publishers: [PublisherRegistration], spool: Spool? = nil,
        reusing old: [PublisherQueue] = [], remembering oldTransformers: [SinkTransformers] = [], log: Logger
    ) throws(Mistakes) {
        var mistakes = Mistakes()
        var found: [FoundQueue] = []
        var queuesOfSink: [String: Set<Int>] = [:]
        for sink in definition.sinks {
            for url in sink.publishers {
                let queue = mistakes.collect { () throws(Mistake) in
                    try FoundQueue.index(of: url, in: &found, publishers, spool, reusing: old, log)
                }
                if let queue { queuesOfSink[sink.name, default: []].insert(queue) }
            }
        }
        try mistakes.throwIfAny()
        self.definition = definition
        queues = found.map(\.queue)
        senders = found.compactMap { found in
            found.queue.outbox.flatMap { outbox in found.sender.map { (outbox, $0) } }
        }
        self.log = log
        let branches = definition.sinks.filter { !$0.transformers.isEmpty }.map { sink in
            let known = oldTransformers.first { $0.sink == sink.name && $0.definitions == sink.transformers }
            return Branch(
                transformers: known ?? SinkTransformers(sink: sink.name, sink.transformers, log: log),
                queues: (queuesOfSink[sink.name] ?? []).sorted())
        }
        self.branches = branches
        transformers = branches.map(\.transformers)
        sources = definition.sources.map { source in
            let isBranch = { (sink: String) in branches.contains { $0.transformers.sink == sink } }
            let direct = source.sinks.filter { !isBranch($0) }.flatMap { queuesOfSink[$0] ?? [] }
            let own = branches.indices.filter { source.sinks.contains(branches[$0].transformers.sink) }
            return (source.meters, Route(queues: direct, branches: own))
        }
        let all = Set(sources.flatMap(\.route.queues))
        let always = Set(sources.filter(\.meters.takesEverything).flatMap(\.route.queues))
        common = branches.isEmpty && !all.isEmpty && all == always ? all.sorted() : nil
    }

    /// Lets publishers that lead to other hosts send what waits for them. What is published before waits.
    package func begin() async {
        for (outbox, sender) in senders { await outbox.begin(with: sender) }
    }

    /// Where its publishers that lead to other hosts lead to.
    package nonisolated var destinations: Set<String> { Set(senders.map(\.outbox.destination)) }

    /// Returns once what was published is in the spool, as far as it goes there, or at the deadline.
    ///
    /// - Parameter delivering: whether publishers without a spool are waited for too, until they have theirs.
    package func settle(by deadline: MonotonicTime, delivering: Bool = false) async {
        for queue in queues { await queue.settle(by: deadline, delivering: delivering) }
    }

    /// Whether nothing of what was published would be lost with this process. What a transformer holds back is not
    /// looked at.
    package var isSettled: Bool {
        get async {
            for queue in queues where !(await queue.isSettled) { return false }
            return true
        }
    }

    package func publish(_ samples: [Sample]) async {
        if let common {
            // The usual case: nobody looks at a single sample, and nobody copies any.
            let finite = samples.allSatisfy(\.volume.isFinite) ? samples : samples.filter { isFinite($0) }
            for index in common { await queues[index].put(finite) }
            return
        }
        var batches = [[Sample]](repeating: [], count: queues.count)
        var branched = [[Sample]](repeating: [], count: branches.count)
        for sample in samples where isFinite(sample) {
            let route = route(for: sample.name)
            for index in route.queues { batches[index].append(sample) }
            for index in route.branches { branched[index].append(sample) }
        }
        // Also those without samples: one may have held some back long enough.
        for (branch, batch) in zip(branches, branched) {
            put(await branch.transformers.transform(batch), of: branch, into: &batches)
        }
        for (queue, batch) in zip(queues, batches) { await queue.put(batch) }
    }

    /// Returns once its queues have room for more, or at the deadline.
    package func room(by deadline: MonotonicTime) async {
        for queue in queues { await queue.room(by: deadline) }
    }

    /// Sends what transformers hold back, before the end or before another pipeline takes this one's place.
    ///
    /// - Parameter sparing: those that go on in the pipeline that follows.
    package func finish(sparing next: [SinkTransformers] = []) async {
        var batches = [[Sample]](repeating: [], count: queues.count)
        for branch in branches where !next.contains(where: { $0 === branch.transformers }) {
            put(await branch.transformers.transform([], isLast: true), of: branch, into: &batches)
        }
        for (queue, batch) in zip(queues, batches) { await queue.put(batch) }
    }

    /// Samples that reached nobody: no numbers, dropped for a fault in a transformer, or before a publisher.
    package var dropped: Int {
        get async {
            var sum = refused
            for queue in queues { sum += await queue.dropped }
            for transformers in transformers { sum += await transformers.dropped }
            return sum
        }
    }

    /// A sample that transformers left as it was may have come to a queue on another way: it goes there once.
    private func put(_ samples: [Sample], of branch: Branch, into batches: inout [[Sample]]) {
        let samples = samples.filter { isFinite($0) }
        guard !samples.isEmpty else { return }
        for index in branch.queues {
            let there = Set(batches[index].map(\.id))
            batches[index] += there.isEmpty ? samples : samples.filter { !there.contains($0.id) }
        }
    }

    private func route(for meter: String) -> Route {
        if let known = routesByMeter[meter] { return known }
        let taking = sources.filter { $0.meters.takes(meter) }.map(\.route)
        let found = Route(
            queues: Set(taking.flatMap(\.queues)).sorted(), branches: Set(taking.flatMap(\.branches)).sorted())
        routesByMeter[meter] = found
        if found.queues.isEmpty, found.branches.isEmpty {
            log.warning("no pipeline source takes this meter; its samples go nowhere", metadata: ["meter": "\(meter)"])
        }
        return found
    }

    private func isFinite(_ sample: Sample) -> Bool {
        if sample.volume.isFinite { return true }
        refused += 1
        Counter(label: "samples_dropped_total", dimensions: [("reason", "not_a_number")]).increment()
        log.warning(
            "sample dropped: its volume is not a number",
            metadata: ["meter": "\(sample.name)", "resource": "\(sample.resourceID)", "dropped so far": "\(refused)"])
        return false
    }
}
