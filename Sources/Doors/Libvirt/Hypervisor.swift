// SPDX-License-Identifier: Apache-2.0
public import Telemetry

/// A hypervisor, read through libvirt. Nothing here waits past its deadline, whatever libvirtd or a guest does.
///
/// Connections are opened when first needed and again whenever they broke: libvirtd may come, go and restart, and
/// each call sees what is there at that time. Shares of the domains can be read side by side, each over a connection
/// of its own.
public actor Hypervisor {
    /// The libvirt URI, such as `qemu:///system`.
    public nonisolated let uri: String
    /// The URI, for messages.
    private let name: String
    private let onEvent: @Sendable (DomainEvent) -> Void
    private let hangingCalls: HangingCalls
    /// By share.
    private var lanes: [Int: Lane] = [:]
    private var opened = 0

    /// - Parameters:
    ///   - mostHangingCalls: libvirt calls can't be cancelled. One past its deadline keeps its thread until libvirtd
    ///     answers or the connection breaks. Once so many hang and nothing has been answered since, calls fail at once
    ///     instead of adding to them; so they do, answers or not, at four times as many.
    ///   - onEvent: is called on a thread of libvirt's and must return at once.
    public init(uri: String, mostHangingCalls: Int = 4, onEvent: @escaping @Sendable (DomainEvent) -> Void = { _ in }) {
        self.uri = uri
        name = HypervisorURI.shown(uri)
        hangingCalls = HangingCalls(mostUnanswered: mostHangingCalls, most: 4 * mostHangingCalls)
        self.onEvent = onEvent
    }

    /// The figures of a share of the domains, active or not, in libvirt's order.
    ///
    /// One call of libvirt's where the driver has bulk statistics (QEMU), else a few calls for each domain (the test
    /// and LXC drivers), with the same values.
    ///
    /// - Parameters:
    ///   - uuids: of all that are in the share only these; nil for all.
    ///   - devices: by domain, for drivers without bulk statistics; the others know them.
    public func statistics(
        _ groups: StatsGroups, of share: DomainShare = .all, only uuids: Set<String>? = nil,
        devices: [String: DomainDevices] = [:], until deadline: MonotonicTime
    ) async throws(LibvirtError) -> [DomainStats] {
        try await onLane(of: share, until: deadline, "read domain statistics from \(name)") {
            connection throws(LibvirtError) in
            try connection.statistics(groups, of: share, only: uuids, devices: devices)
        }
    }

    /// The XML texts that describe domains, by UUID; what went wrong with one of them is that one's alone.
    ///
    /// - Parameter share: whose connection to ask on.
    /// - Returns: those that were told until the deadline, in the order in which they are asked for; and
    ///   ``LibvirtError/Reason/deadline`` of the one that was not.
    public func descriptions(
        ofDomains uuids: [String], on share: DomainShare = .all, until deadline: MonotonicTime
    ) async throws(LibvirtError) -> [String: Result<String, LibvirtError>] {
        var descriptions: [String: Result<String, LibvirtError>] = [:]
        for uuid in uuids {
            do throws(LibvirtError) {
                descriptions[uuid] = try await onLane(of: share, until: deadline, "describe domain \(uuid)") {
                    connection throws(LibvirtError) in
                    let text = Result { () throws(LibvirtError) in try connection.descriptionXML(ofDomain: uuid) }
                    // A text too long for an answer is an error of the transport too, and breaks nothing.
                    if case .failure(let error) = text, error.isDisconnection, !connection.isAlive { throw error }
                    return text
                }
            } catch let error where error.reason == .deadline {
                descriptions[uuid] = .failure(error)
                break
            }
        }
        return descriptions
    }

    /// What the host is. Cheap, so that it also tells whether anybody answers.
    public func host(until deadline: MonotonicTime) async throws(LibvirtError) -> HostFacts {
        try await onLane(of: .all, until: deadline, "ask \(name) for its host") {
            connection throws(LibvirtError) in
            try connection.host()
        }
    }

    /// What the host does and holds, with all that runs on it.
    public func hostUse(until deadline: MonotonicTime) async throws(LibvirtError) -> HostUse {
        try await onLane(of: .all, until: deadline, "ask \(name) what its host does") {
            connection throws(LibvirtError) in
            try connection.hostUse()
        }
    }

    /// Calls that passed their deadline and have not returned.
    public var hangingCallCount: Int { hangingCalls.count }

    /// Threads with a connection that have been made so far: those in use, and those given up because a call hung.
    public var openedLaneCount: Int { opened }

    private func onLane<Value: Sendable>(
        of share: DomainShare, until deadline: MonotonicTime, _ action: String,
        _ body: @escaping @Sendable (Connection) throws(LibvirtError) -> Value
    ) async throws(LibvirtError) -> Value {
        guard !hangingCalls.areTooMany else {
            throw LibvirtError(
                reason: .tooManyHangingCalls, action: action,
                message: "\(hangingCalls.count) earlier calls still hang; is libvirtd stopped?")
        }
        let lane = self.lane(of: share)
        do throws(LibvirtError) {
            let value = try await lane.run(until: deadline, action, body)
            hangingCalls.noteAnswer()
            return value
        } catch let error where error.reason == .deadline || error.reason == .cancelled {
            giveUp(lane, of: share)
            throw error
        } catch let error where error.reason == .notBegun {
            // What hung was somebody else's call: there is a new lane for this one.
            return try await onLane(of: share, until: deadline, action, body)
        }
    }

    private func lane(of share: DomainShare) -> Lane {
        if let lane = lanes[share.index] { return lane }
        // One connection is enough to hear events.
        let lane = Lane(uri: uri, onEvent: share.index == 0 ? onEvent : nil)
        lanes[share.index] = lane
        opened += 1
        return lane
    }

    /// Several callers may find the same lane hanging; it is given up once.
    private func giveUp(_ hanging: Lane, of share: DomainShare) {
        guard lanes[share.index] === hanging else { return }
        lanes[share.index] = nil
        let call = hangingCalls.add()
        hanging.giveUp { [hangingCalls] in hangingCalls.remove(call) }
    }
}
