// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Glibc
internal import Logging
internal import Pipelines
internal import Telemetry

/// Brings stored samples to other stores, in their order, through a spool of the collector's own.
actor Forwarder {
    /// How long senders wait for a disk that is slow to take their samples into the spool; then those wait in memory.
    private static let patience = Duration.seconds(20)
    /// What may be sent on at the end; the rest stays in the spool.
    private static let farewell = Duration.seconds(5)

    private let pipeline: Pipeline

    private init(_ pipeline: Pipeline) { self.pipeline = pipeline }

    /// - Throws: `Mistakes` where the spool can't be opened.
    static func open(_ options: ForwardingOptions, log: Logger) async throws -> Forwarder {
        if options.makesDirectory {
            // What goes wrong is said by the spool, which looks at the directory.
            await offPool { _ = mkdir(options.spool.directory, 0o750) }
        }
        let spool = try await Spool.open(options.spool, log: log)
        let pipeline = try Pipeline(options.pipeline, publishers: options.publishers, spool: spool, log: log)
        await pipeline.begin()
        return Forwarder(pipeline)
    }

    /// Returns once they are in the spool or, where that takes nothing, in memory.
    func forward(_ samples: [Sample]) async {
        await pipeline.publish(samples)
        await pipeline.settle(by: .now + Self.patience)
    }

    func finish() async { _ = await pipeline.queues.drain(within: Self.farewell) }
}
