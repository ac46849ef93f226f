// SPDX-License-Identifier: Apache-2.0
internal import Synchronization

/// Finds what is to be polled.
public protocol Discovery: Sendable {
    /// Called once per cycle, source list and parameter; the result is shared by all pollsters that want it.
    ///
    /// - Parameter parameter: what follows the name in `name:parameter` or `name://parameter`; else nil.
    /// - Returns: the resources there are now; none is an empty list, not an error.
    func discover(_ parameter: String?, in cycle: PollingCycle) async throws -> [Resource]
}

/// Turns resources into samples.
public protocol Pollster: Sendable {
    /// - Parameter meters: the names wanted, all of them among those it registered.
    /// - Returns: the samples there are. What a resource does not report is left out, never zero.
    /// - Throws: only where nothing could be read at all; one resource's trouble is that resource's alone.
    ///   ``PollsterPermanentError`` where some resources are not worth another try soon.
    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample]
}

/// A pollster that may have more samples than should be held at once, such as those of a paged list.
public protocol StreamingPollster: Pollster {
    /// As ``Pollster/poll(_:meters:in:)``, part by part.
    ///
    /// - Parameter deliver: takes samples; it returns when there is room for more.
    /// - Throws: after what was delivered; that stays delivered.
    func poll(
        _ resources: [Resource], meters: Set<String>, in cycle: PollingCycle,
        deliver: @Sendable ([Sample]) async throws -> Void
    ) async throws
}

extension StreamingPollster {
    /// All parts together.
    public func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        let collected = Mutex<[Sample]>([])
        try await poll(resources, meters: meters, in: cycle) { part in collected.withLock { $0 += part } }
        return collected.withLock { $0 }
    }
}

/// Carries samples out.
public protocol Publisher: Sendable {
    /// Returns when the other side has the whole batch; throws when it has none of it, to be called again later.
    /// Throws ``PublisherGone`` when nobody will ever be there again.
    func publish(_ samples: [Sample]) async throws
}
