// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
package import Logging
package import Settings
package import Telemetry

/// The pipeline at work: hands each sample to the publishers of every sink that some source takes it to.
package actor Pipeline {
    package nonisolated let definition: PipelineDefinition
    /// One queue for each URL, however many sinks name it.
    package nonisolated let queues: [PublisherQueue]
    private let log: Logger
    /// For each source, which queues its sinks lead to.
    private let routes: [(meters: MeterFilter, queues: Set<Int>)]
    private var queuesByMeter: [String: [Int]] = [:]
    /// Samples that were no finite number, which nothing carries.
    package private(set) var refused = 0

    /// - Parameter reusing: queues of a pipeline before this one; those of the same URLs are taken over, with what
    ///   waits in them.
    package init(
        _ definition: PipelineDefinition, publishers: [PublisherRegistration], reusing old: [PublisherQueue] = [],
        log: Logger
    ) throws(Mistakes) {
        var mistakes = Mistakes()
        var names: [String] = []
        var queues: [PublisherQueue] = []
        var queuesOfSink: [String: Set<Int>] = [:]
        for sink in definition.sinks {
            for url in sink.publishers {
                let name = url.identity
                if !names.contains(name) {
                    guard let publisher = mistakes.collect({ () throws(Mistake) in try publishers.make(url) }) else {
                        continue
                    }
                    names.append(name)
                    queues.append(
                        old.first { $0.identity == name }
                            ?? PublisherQueue(name: url.shown, identity: name, publisher: publisher, log: log))
                }
                if let index = names.firstIndex(of: name) { queuesOfSink[sink.name, default: []].insert(index) }
            }
        }
        try mistakes.throwIfAny()
        self.definition = definition
        self.queues = queues
        self.log = log
        routes = definition.sources.map { source in
            (source.meters, source.sinks.reduce(into: []) { $0.formUnion(queuesOfSink[$1] ?? []) })
        }
    }

    package func publish(_ samples: [Sample]) async {
        var batches = [[Sample]](repeating: [], count: queues.count)
        for sample in samples {
            guard sample.volume.isFinite else {
                refuse(sample)
                continue
            }
            for index in queues(for: sample.name) { batches[index].append(sample) }
        }
        for (queue, batch) in zip(queues, batches) { await queue.put(batch) }
    }

    /// Samples that reached nobody: no numbers, or dropped before a publisher.
    package var dropped: Int {
        get async {
            var sum = refused
            for queue in queues { sum += await queue.dropped }
            return sum
        }
    }

    private func queues(for meter: String) -> [Int] {
        if let known = queuesByMeter[meter] { return known }
        let taking = routes.filter { $0.meters.takes(meter) }
        let found = taking.reduce(into: Set<Int>()) { $0.formUnion($1.queues) }.sorted()
        queuesByMeter[meter] = found
        if found.isEmpty {
            log.warning("no pipeline source takes this meter; its samples go nowhere", metadata: ["meter": "\(meter)"])
        }
        return found
    }

    private func refuse(_ sample: Sample) {
        refused += 1
        Counter(label: "samples_dropped_total", dimensions: [("reason", "not_a_number")]).increment()
        log.warning(
            "sample dropped: its volume is not a number",
            metadata: ["meter": "\(sample.name)", "resource": "\(sample.resourceID)", "dropped so far": "\(refused)"])
    }
}
