// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
public import Telemetry

/// A hypervisor, read through libvirt. Nothing here waits past its deadline, whatever libvirtd or a guest does.
///
/// The connection is opened when first needed and again whenever it broke: libvirtd may come, go and restart, and
/// each call sees what is there at that time.
public actor Hypervisor {
    /// The libvirt URI, such as `qemu:///system`.
    public nonisolated let uri: String
    /// The URI, for messages.
    private let name: String
    private let onEvent: @Sendable (DomainEvent) -> Void
    private let mostHangingCalls: Int
    private let hangingCalls = Counter()
    private var lane: Lane?

    /// - Parameters:
    ///   - mostHangingCalls: libvirt calls can't be cancelled. One past its deadline keeps its thread until libvirtd
    ///     answers or the connection breaks; once so many hang, calls fail at once instead of adding to them.
    ///   - onEvent: is called on a thread of libvirt's and must return at once.
    public init(uri: String, mostHangingCalls: Int = 4, onEvent: @escaping @Sendable (DomainEvent) -> Void = { _ in }) {
        self.uri = uri
        name = HypervisorURI.shown(uri)
        self.mostHangingCalls = mostHangingCalls
        self.onEvent = onEvent
    }

    /// The figures of all domains, active or not, in libvirt's order.
    ///
    /// One call of libvirt's where the driver has bulk statistics (QEMU), else a few calls for each domain (the test
    /// and LXC drivers), with the same values.
    public func statistics(
        _ groups: StatsGroups, until deadline: MonotonicTime
    ) async throws(LibvirtError) -> [DomainStats] {
        try await onLane(until: deadline, "read domain statistics from \(name)") { connection throws(LibvirtError) in
            try connection.statistics(groups)
        }
    }

    /// The XML texts that describe domains, by UUID; what went wrong with one of them is that one's alone.
    public func descriptions(
        ofDomains uuids: [String], until deadline: MonotonicTime
    ) async throws(LibvirtError) -> [String: Result<String, LibvirtError>] {
        try await onLane(until: deadline, "describe domains of \(name)") { connection throws(LibvirtError) in
            var descriptions: [String: Result<String, LibvirtError>] = [:]
            for uuid in uuids {
                let text = Result { () throws(LibvirtError) in try connection.descriptionXML(ofDomain: uuid) }
                if case .failure(let error) = text, error.isDisconnection { throw error }
                descriptions[uuid] = text
            }
            return descriptions
        }
    }

    /// Calls that passed their deadline and have not returned.
    public var hangingCallCount: Int { hangingCalls.value }

    private func onLane<Value: Sendable>(
        until deadline: MonotonicTime, _ action: String,
        _ body: @escaping @Sendable (Connection) throws(LibvirtError) -> Value
    ) async throws(LibvirtError) -> Value {
        guard hangingCalls.value < mostHangingCalls else {
            throw LibvirtError(
                reason: .tooManyHangingCalls, action: action,
                message: "\(mostHangingCalls) earlier calls still hang; is libvirtd stopped?")
        }
        let lane = self.lane ?? Lane(uri: uri, onEvent: onEvent)
        self.lane = lane
        do throws(LibvirtError) {
            return try await lane.run(until: deadline, action, body)
        } catch let error where error.reason == .deadline || error.reason == .cancelled {
            giveUp(lane)
            throw error
        }
    }

    /// Several callers may find the same lane hanging; it is given up once.
    private func giveUp(_ hanging: Lane) {
        guard lane === hanging else { return }
        lane = nil
        hangingCalls.add(1)
        hanging.giveUp { [hangingCalls] in hangingCalls.add(-1) }
    }
}

/// A number that several threads change.
private final class Counter: Sendable {
    private let count = Atomic(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add(_ step: Int) { count.add(step, ordering: .relaxed) }
}
