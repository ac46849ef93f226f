// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Logging
internal import ServiceLifecycle

/// All collectors with their models: keeps them up to date, and hands copies out, narrowed to what an audit may touch.
package struct CollectorManager: Service {
    private let keepers: [ModelKeeper]
    private let scopes: any ScopeHandling
    private let feed: (any NotificationFeed)?

    /// - Parameters:
    ///   - scopes: who narrows the models of collectors that don't do so themselves.
    ///   - feed: where notifications come from that are for all of them; nil where only ``receive(_:)`` is called, and
    ///     what collectors hear by themselves.
    ///   - mostWaiting: see ``ModelKeeper``.
    package init(
        _ collectors: [CollectorRegistration], scopes: any ScopeHandling, feed: (any NotificationFeed)? = nil,
        clock: any Clock<Duration> = ContinuousClock(), mostWaiting: Int = 100_000, log: Logger
    ) {
        keepers = collectors.map { ModelKeeper($0, clock: clock, mostWaiting: mostWaiting, log: log) }
        self.scopes = scopes
        self.feed = keepers.contains(where: \.isFedByOthers) ? feed : nil
    }

    /// Until the service is shut down, or cancelled.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for keeper in keepers { group.addTask { await keeper.run(isFed: feed != nil) } }
                guard let feed else { return }
                group.addTask {
                    await feed.follow { news in
                        for keeper in keepers { keeper.receive(news) }
                    }
                }
            }
        }
    }

    /// Hands a notification to every collector; each looks for what is meant for it.
    package func receive(_ notification: Notification) {
        for keeper in keepers { keeper.receive(notification) }
    }

    /// A copy of a model, once it was built.
    ///
    /// - Parameters:
    ///   - name: a collector's, or of the kind of model wanted: then the first one of that kind.
    ///   - scope: see ``ScopeHandling``.
    /// - Returns: the model, and what the scope names and the model doesn't have.
    /// - Throws: ``ModelUnavailable``, or where the scope can't be applied.
    package func model(
        _ name: String, scope: JSONValue = [], heedsMetadata: Bool = false
    ) async throws -> (model: any Model, warnings: [String]) {
        let keeper = try keeper(name)
        let model = try await keeper.model()
        let handler = keeper.registration.collector as? any ScopeHandling ?? scopes
        return try await handler.narrow(model, to: scope, heedsMetadata: heedsMetadata)
    }

    /// A model now and after each change.
    package func changes(of name: String) async throws(ModelUnavailable) -> AsyncStream<any Model> {
        try await keeper(name).changes()
    }

    /// How each model is doing.
    package var statuses: [ModelKeeper.Status] {
        get async {
            var statuses: [ModelKeeper.Status] = []
            for keeper in keepers { statuses.append(await keeper.status) }
            return statuses
        }
    }

    /// How a model is doing, by its name or kind; nil where nobody makes it.
    package func status(of name: String) async -> ModelKeeper.Status? { await (try? keeper(name))?.status }

    private func keeper(_ name: String) throws(ModelUnavailable) -> ModelKeeper {
        guard
            let keeper = keepers.first(where: { $0.registration.name == name })
                ?? keepers.first(where: { $0.registration.kind == name })
        else { throw .unknown(name, known: keepers.map(\.registration.name)) }
        return keeper
    }
}
