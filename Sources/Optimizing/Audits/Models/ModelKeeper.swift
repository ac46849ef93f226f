// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Logging
internal import Telemetry

/// Keeps one collector's model: builds it by its period, and changes it as notifications say, one after the other in
/// the order in which they came. What comes while the model is built waits, and is applied to the new one. Where
/// notifications may have been missed, it is built anew.
package actor ModelKeeper {
    /// Seconds until a failed synchronisation is tried again; doubled each time, up to the period.
    private static let firstRetry = 10
    /// Seconds that a model waits for the feed at its start: built before, it would have to be built twice.
    private static let feedPatience = 10

    package nonisolated let registration: CollectorRegistration
    private let clock: any Clock<Duration>
    private let log: Logger
    private nonisolated let queue: ModelJobQueue

    private var current: (any Model)?
    private var failures = 0
    /// How often its building was begun.
    private var synchronisations = 0
    private var isConnected = false
    private var isOver = false
    private var awaiting: [CheckedContinuation<Void, Never>] = []
    private var watchers: [AsyncStream<any Model>.Continuation] = []
    package private(set) var status: Status

    /// - Parameter mostWaiting: notifications; more and they are dropped, and the model is built anew instead.
    package init(
        _ registration: CollectorRegistration, clock: any Clock<Duration> = ContinuousClock(),
        mostWaiting: Int = 100_000, log: Logger
    ) {
        self.registration = registration
        self.clock = clock
        queue = ModelJobQueue(mostWaiting: mostWaiting)
        var log = log
        log[metadataKey: "collector"] = "\(registration.name)"
        self.log = log
        status = Status(name: registration.name)
    }

    /// Takes a notification up; whether anything is to be done about it shows later.
    package nonisolated func receive(_ notification: Notification) { queue.add(notification) }

    /// Takes up what a feed tells. Each time that it is connected the model is built anew.
    package nonisolated func receive(_ news: FeedNews) {
        if isFedByOthers { queue.add(news) }
    }

    /// Whether notifications from elsewhere change its model.
    nonisolated var isFedByOthers: Bool {
        !(registration.collector is any NotificationSource) && !registration.collector.notificationEndpoints.isEmpty
    }

    /// Builds the model and again by its period, until it is cancelled. Runs once.
    ///
    /// - Parameter isFed: whether there is a feed: then the model is built when it is connected or said not to be.
    package func run(isFed: Bool = false) async {
        await withDiscardingTaskGroup { group in
            if let source = registration.collector as? any NotificationSource {
                group.addTask { await source.listen { self.receive($0) } }
            }
            group.addTask {
                await self.synchronise(after: .seconds(isFed && self.isFedByOthers ? Self.feedPatience : 0), number: 0)
            }
            for await job in queue.jobs {
                // What is queued still is of no use to anybody.
                if Task.isCancelled { break }
                let before = synchronisations
                let pause = await pause(after: job)
                guard synchronisations > before, let pause else { continue }
                let number = synchronisations
                group.addTask { await self.synchronise(after: pause, number: number) }
            }
            group.cancelAll()
        }
        isOver = true
        settle()
        for watcher in watchers { watcher.finish() }
    }

    /// The model as it is, once it was built for the first time.
    package func model() async throws(ModelUnavailable) -> any Model {
        if status.synchronised == nil, status.staleSince == nil, !status.isAbsent, !isOver {
            await withCheckedContinuation { awaiting.append($0) }
        }
        if let since = status.staleSince {
            throw .stale(registration.name, since: since, reason: status.reason ?? "")
        }
        if status.isAbsent { throw .absent(registration.name, reason: status.reason ?? "") }
        guard let current else { throw .notBuilt(registration.name) }
        return current
    }

    /// The model now and after each change; what changes faster than it is read is told as one change.
    package func changes() -> AsyncStream<any Model> {
        let (stream, watcher) = AsyncStream.makeStream(of: (any Model).self, bufferingPolicy: .bufferingNewest(1))
        if let current { watcher.yield(current) }
        watchers.append(watcher)
        return stream
    }

    // MARK: Workings

    /// - Parameter number: of synchronisations so far; another one meanwhile goes before this one.
    private func synchronise(after pause: Duration, number: Int) async {
        // Fails only where it is cancelled.
        if pause > .zero, (try? await clock.sleep(for: pause)) == nil { return }
        if synchronisations == number { queue.synchronise() }
    }

    /// - Returns: the pause until the next synchronisation where this was one.
    private func pause(after job: ModelJobQueue.Job) async -> Duration? {
        var pause: Duration?
        switch job {
        case .synchronise: pause = await synchronise()
        case .connected(let number):
            isConnected = true
            if queue.isLatest(connection: number) { pause = await synchronise() }
        case .disconnected:
            isConnected = false
            if status.unheardSince == nil { status.unheardSince = "\(Timestamp.now)" }
            if synchronisations == 0 { pause = await synchronise() }
        case .notification(let notification):
            queue.noteTaken()
            await apply(notification)
        }
        return await makeUpForDropped() ?? pause
    }

    /// - Returns: the pause until the next one.
    private func synchronise() async -> Duration {
        synchronisations += 1
        defer { settle() }
        do {
            set(try await registration.collector.execute())
            if let since = status.staleSince {
                log.notice("the model is up to date again", metadata: ["stale since": "\(since)"])
            }
            status.synchronised = "\(Timestamp.now)"
            (status.staleSince, status.reason, status.isAbsent) = (nil, nil, false)
            if isConnected { status.unheardSince = nil }
            failures = 0
            return .seconds(registration.period)
        } catch let absence as NothingToModel where current == nil && status.staleSince == nil {
            status.reason = absence.description
            if !status.isAbsent {
                status.isAbsent = true
                log.info("there is nothing to build the model of; it is left out", metadata: ["reason": "\(absence)"])
            }
            return .seconds(registration.period)
        } catch {
            // Then it says nothing of the collector.
            guard !Task.isCancelled else { return .zero }
            failures += 1
            status.reason = "\(error)"
            if status.staleSince == nil {
                status.staleSince = "\(Timestamp.now)"
                log.error("the model is stale; trying again", metadata: ["error": "\(error)"])
            }
            return .seconds(min(registration.period, Self.firstRetry << min(failures - 1, 20)))
        }
    }

    /// A stale model is left as it is: the next synchronisation sees what was told meanwhile.
    private func apply(_ notification: Notification) async {
        guard status.staleSince == nil, var model = current else { return }
        do {
            var isMeant = false
            for endpoint in registration.collector.notificationEndpoints
            where try endpoint.filterRule.matches(notification) {
                model = try await endpoint.info(notification, model: model)
                isMeant = true
            }
            guard isMeant else { return }
            set(model)
            status.applied += 1
        } catch {
            guard !Task.isCancelled else { return }
            status.failed += 1
            log.warning(
                "a notification could not be applied to the model",
                metadata: ["event": "\(notification.eventType ?? "")", "error": "\(error)"])
        }
    }

    /// - Returns: the pause until the next synchronisation where there had to be one.
    private func makeUpForDropped() async -> Duration? {
        let dropped = queue.takeDropped()
        guard dropped > 0 else { return nil }
        status.dropped += dropped
        log.warning("too many notifications; building the model anew", metadata: ["dropped": "\(dropped)"])
        return await synchronise()
    }

    private func set(_ model: any Model) {
        current = model
        for watcher in watchers { watcher.yield(model) }
    }

    private func settle() {
        for continuation in awaiting { continuation.resume() }
        awaiting = []
    }
}
