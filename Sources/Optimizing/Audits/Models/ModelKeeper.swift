// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Logging
internal import Telemetry

/// Keeps one collector's model: builds it by its period, and changes it as notifications say, one after the other in
/// the order in which they came. What comes while the model is built waits, and is applied to the new one.
package actor ModelKeeper {
    /// How a model is doing.
    package struct Status: Sendable, Hashable {
        package var name: String
        /// When it was last built, in UTC; nil before that.
        package var synchronised: String?
        /// Since when it could not be built, in UTC; nil where it could the last time.
        package var staleSince: String?
        /// Why it could not.
        package var reason: String?
        /// Notifications that changed it, could not be applied, and came while too many were waiting.
        package var applied = 0, failed = 0, dropped = 0
    }

    /// Seconds until a failed synchronisation is tried again; doubled each time, up to the period.
    private static let firstRetry = 10

    package nonisolated let registration: CollectorRegistration
    private let clock: any Clock<Duration>
    private let log: Logger
    private nonisolated let queue: ModelJobQueue

    private var current: (any Model)?
    private var failures = 0
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

    /// Builds the model at once and again by its period, until it is cancelled. Runs once.
    package func run() async {
        await withDiscardingTaskGroup { group in
            if let source = registration.collector as? any NotificationSource {
                group.addTask { await source.listen { self.receive($0) } }
            }
            queue.synchronise()
            for await job in queue.jobs {
                // What is queued still is of no use to anybody.
                if Task.isCancelled { break }
                switch job {
                case .synchronise:
                    let pause = await synchronise()
                    group.addTask { [clock, queue] in
                        // Fails only where it is cancelled.
                        if (try? await clock.sleep(for: pause)) != nil { queue.synchronise() }
                    }
                case .notification(let notification):
                    queue.noteTaken()
                    await apply(notification)
                }
                await makeUpForDropped()
            }
            group.cancelAll()
        }
        isOver = true
        settle()
        for watcher in watchers { watcher.finish() }
    }

    /// The model as it is, once it was built for the first time.
    package func model() async throws(ModelUnavailable) -> any Model {
        if status.synchronised == nil, status.staleSince == nil, !isOver {
            await withCheckedContinuation { awaiting.append($0) }
        }
        if let since = status.staleSince {
            throw .stale(registration.name, since: since, reason: status.reason ?? "")
        }
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

    /// - Returns: the pause until the next one.
    private func synchronise() async -> Duration {
        defer { settle() }
        do {
            set(try await registration.collector.execute())
            if let since = status.staleSince {
                log.notice("the model is up to date again", metadata: ["stale since": "\(since)"])
            }
            status.synchronised = "\(Timestamp.now)"
            (status.staleSince, status.reason) = (nil, nil)
            failures = 0
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

    private func makeUpForDropped() async {
        let dropped = queue.takeDropped()
        guard dropped > 0 else { return }
        status.dropped += dropped
        log.warning("too many notifications; building the model anew", metadata: ["dropped": "\(dropped)"])
        _ = await synchronise()
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
