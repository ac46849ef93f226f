// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Daemon
internal import JSONText
internal import Logging
internal import Pipelines
internal import Settings
internal import Telemetry

/// Deals with notifications, batch by batch: what they give is on its way and safe before they are done with.
actor NotificationDesk {
    /// A message as it came off a queue.
    struct Letter: Sendable {
        var queue: String
        var body: [UInt8]
    }

    /// Pauses before a plug-in that failed is asked again, as it may just be starting anew.
    private static let pluginPauses: [Duration] = [.milliseconds(500), .seconds(2)]

    private(set) var setup: NotificationSetup
    private var processor: NotificationProcessor
    private var pipeline: Pipeline
    private var events: EventPipeline?
    private var spool: Spool?
    private var retiredQueues: [PublisherQueue] = []
    private let dead: DeadLetterFile
    private let log: Logger
    private var seen = SeenMessages()
    private var isStuck = false
    private var isRefusing = false
    private var failingPublishers: Set<String> = []
    private var failingPlugins: Set<String> = []
    private var notifications = 0
    private var samples = 0
    private var refused = 0
    private var eventsDropped = 0
    private var isEnding = false

    init(_ setup: NotificationSetup, log: Logger) async throws(Mistakes) {
        self.setup = setup
        self.log = log
        do throws(Mistake) {
            try setup.spool.check()
            spool = setup.needsSpool ? try await Spool.open(setup.spool, log: log) : nil
        } catch {
            throw Mistakes([error])
        }
        processor = NotificationProcessor(setup.handlers)
        pipeline = try Pipeline(setup.pipeline, publishers: setup.publishers, spool: spool, log: log)
        events = try setup.eventPipeline.map { definition throws(Mistakes) in
            try EventPipeline(definition, publishers: setup.eventPublishers)
        }
        dead = DeadLetterFile(path: "\(setup.spool.directory)/dead-notifications.jsonl", log: log)
    }

    /// Lets publishers send what waits for them from before.
    func begin() async { await pipeline.begin() }

    /// Puts a new setup in force for the batches that follow; where notifications come from stays.
    func take(_ new: NotificationSetup) async throws(Mistakes) {
        if spool == nil, new.needsSpool {
            do throws(Mistake) {
                spool = try await Spool.open(setup.spool, log: log)
            } catch {
                throw Mistakes([error])
            }
        }
        let last = pipeline
        let next = try Pipeline(
            new.pipeline, publishers: new.publishers, spool: spool, reusing: last.queues,
            remembering: last.transformers, log: log)
        let nextEvents = try new.eventPipeline.map { definition throws(Mistakes) in
            try EventPipeline(definition, publishers: new.eventPublishers)
        }
        let retired = last.queues.filter { old in !next.queues.contains { $0 === old } }
        retiredQueues += retired
        pipeline = next
        events = nextEvents
        processor = NotificationProcessor(new.handlers)
        if new.sources != setup.sources {
            log.notice("buses, exchanges, topics and batches change with the next start")
        }
        let sources = setup.sources
        setup = new
        setup.sources = sources
        LogSetup.level = new.logLevel
        for remark in new.remarks { log.notice("\(remark)") }
        await last.finish(sparing: next.transformers)
        await retired.retire()
        await next.begin()
    }

    /// What is dealt with from now on may be left undone where it can't be made safe.
    func end() { isEnding = true }

    /// - Returns: whether the letters are done with; else the broker has to keep them.
    func deal(with letters: [Letter]) async -> Bool {
        var made: [Sample] = []
        var told: [Event] = []
        var ids: [String] = []
        for letter in letters {
            Counter(label: "notifications_total", dimensions: [("queue", letter.queue)]).increment()
            do throws(WireError) {
                let notification = try ReceivedNotification(body: letter.body)
                guard !seen.contains(notification.messageID), !ids.contains(notification.messageID) else {
                    Counter(label: "notifications_repeated_total").increment()
                    continue
                }
                let outcome = try await outcome(of: notification)
                ids.append(notification.messageID)
                made += outcome.samples
                if let event = outcome.event { told.append(event) }
                for gap in outcome.gaps { log.debug("no sample: \(gap)") }
                if let failure = outcome.failures.first {
                    await refuse(letter, "plug-in \(failure.plugin): \(failure.error)", "plugin")
                }
            } catch {
                await refuse(letter, "\(error)", "unreadable")
            }
        }
        notifications += letters.count
        await pipeline.publish(made)
        guard await settle(), await publish(told) else { return false }
        for id in ids { seen.insert(id) }
        samples += made.count
        Counter(label: "samples_total").increment(by: made.count)
        Counter(label: "events_total").increment(by: told.count)
        log.debug(
            "batch done",
            metadata: [
                "notifications": "\(letters.count)", "samples": "\(made.count)", "events": "\(told.count)",
            ])
        return true
    }

    private func outcome(
        of notification: ReceivedNotification
    ) async throws(WireError) -> NotificationProcessor.Outcome {
        var outcome = try await processor.process(notification)
        for pause in Self.pluginPauses where !outcome.failures.isEmpty && !isEnding {
            try? await Task.sleep(for: pause)  // cut short, it is tried at once
            outcome = try await processor.process(notification)
        }
        let failing = Set(outcome.failures.map(\.plugin))
        for (plugin, error) in outcome.failures {
            Counter(label: "failures_total", dimensions: [("what", "plug-in \(plugin)")]).increment()
            if failingPlugins.insert(plugin).inserted {
                log.error(
                    "a plug-in fails with a notification",
                    metadata: [
                        "plug-in": "\(plugin)", "event type": "\(notification.eventType)", "error": "\(error)",
                    ])
            }
        }
        if failing.isEmpty, !failingPlugins.isEmpty, !outcome.samples.isEmpty {
            log.notice("plug-ins deal with notifications again")
            failingPlugins = []
        }
        return outcome
    }

    /// Kept with its reason, counted, and done with: it would fail the same way for ever.
    private func refuse(_ letter: Letter, _ reason: String, _ kind: String) async {
        refused += 1
        Counter(label: "notifications_refused_total", dimensions: [("reason", kind)]).increment()
        log.log(
            level: isRefusing ? .debug : .error, "a notification can't be dealt with; it is kept aside",
            metadata: [
                "queue": "\(letter.queue)", "reason": "\(reason.shortened(to: 300))", "kept in": "\(dead.path)",
                "so far": "\(refused)",
            ])
        isRefusing = true
        await dead.append(letter.body, reason: reason, queue: letter.queue)
    }

    /// Waits until the samples are in the spool, or where they go without one.
    private func settle() async -> Bool {
        while true {
            await pipeline.settle(by: .now + .seconds(isEnding ? 1 : 10), delivering: true)
            if await pipeline.isSettled {
                if isStuck { log.notice("samples go out again; notifications are taken again") }
                isStuck = false
                return true
            }
            if !isStuck { log.error("samples can't be stored; notifications wait in the broker") }
            isStuck = true
            if isEnding { return false }
            // A spool on a disk that is full says no at once.
            try? await Task.sleep(for: .seconds(1))  // cut short, it is tried at once
        }
    }

    private func publish(_ told: [Event]) async -> Bool {
        guard let events, !told.isEmpty else { return true }
        var pause = 1
        while true {
            let failures = await events.publish(told)
            note(failures)
            if failures.isEmpty { return true }
            if setup.acknowledgesOnEventError {
                let lost = failures.reduce(0) { $0 + $1.events }
                eventsDropped += lost
                Counter(label: "events_dropped_total").increment(by: lost)
                return true
            }
            if isEnding { return false }
            try? await Task.sleep(for: .seconds(pause))  // cut short, it is tried at once
            pause = min(pause * 2, 30)
        }
    }

    private func note(_ failures: [(publisher: String, error: any Error, events: Int)]) {
        let failing = Set(failures.map(\.publisher))
        for failure in failures {
            Counter(label: "failures_total", dimensions: [("what", "publisher \(failure.publisher)")]).increment()
            if failingPublishers.insert(failure.publisher).inserted {
                let fate = setup.acknowledgesOnEventError ? "they are dropped" : "they wait"
                log.error(
                    "publisher refuses events; \(fate)",
                    metadata: ["publisher": "\(failure.publisher)", "error": "\(failure.error)"])
            }
        }
        for publisher in failingPublishers.subtracting(failing) {
            log.notice(
                "publisher accepts events again",
                metadata: ["publisher": "\(publisher)", "dropped so far": "\(eventsDropped)"])
        }
        failingPublishers = failing
    }

    /// Waits for what is being delivered, at most half of the time there is for an end.
    func drain() async {
        await pipeline.finish()
        _ = await (pipeline.queues + retiredQueues).drain(within: setup.shutdownTimeout / 2)
        var dropped = await pipeline.dropped
        for queue in retiredQueues { dropped += await queue.dropped }
        log.info(
            "stopped",
            metadata: [
                "notifications": "\(notifications)", "samples": "\(samples)", "samples dropped": "\(dropped)",
                "notifications refused": "\(refused)", "events dropped": "\(eventsDropped)",
            ])
    }
}
