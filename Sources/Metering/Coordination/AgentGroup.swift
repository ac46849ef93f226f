// SPDX-License-Identifier: Apache-2.0
internal import Daemon
package import Logging
internal import ServiceLifecycle
internal import Telemetry

/// This agent's place in its group: a key in etcd that lives as long as a lease, which is renewed at each heartbeat.
///
/// What it may rely on is bounded by its own clock: a lease that was not renewed for its time is taken for lost here at
/// the same instant as there, whether or not etcd can be reached. Without one the agent has no share, so that none is
/// polled twice; with a new one it is a new member.
package actor AgentGroup: Service {
    private struct Lease {
        var id: String
        var member: String
        var validUntil: MonotonicTime
    }

    private let settings: CoordinationSettings
    private let etcd: EtcdClient
    private let faults: FaultLog
    private let log: Logger
    private var lease: Lease?
    private var members: Set<String> = []
    private var ring = HashRing([])
    private var sources: SourceGroups
    /// Of the plan that the last beat was about.
    private var settled: Set<String> = []
    /// Between two beats.
    private var pause: Task<Void, Never>?
    /// Who waits for the first answer of etcd's, whatever it is; nil since.
    private var waiting: [CheckedContinuation<Void, Never>]? = []

    /// - Parameter groups: those that sources form.
    package init(_ settings: CoordinationSettings, groups: Set<String> = [], log: Logger) {
        self.settings = settings
        sources = SourceGroups(groups, of: settings.group)
        self.log = log
        faults = FaultLog(log: log)
        etcd = EtcdClient(settings.url, timeout: max(.seconds(1), .seconds(settings.lease) / 3))
    }

    /// Which keys are this agent's for the cycle that begins now; none without a lease.
    ///
    /// - Parameter groups: those that sources form now; new ones are joined first.
    package func share(in groups: Set<String> = []) async -> AgentShare {
        if groups != sources.wanted {
            sources.wanted = groups
            if waiting == nil { waiting = [] }
            pause?.cancel()
        }
        if waiting != nil { await withCheckedContinuation { waiting?.append($0) } }
        let isAlive = lease.map { MonotonicTime.now < $0.validUntil } ?? false
        return AgentShare(member: isAlive ? lease?.member : nil, ring: ring, groups: sources.rings)
    }

    package func run() async throws {
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            do {
                try await beat()
                faults.note("sharing work", nil)
                // A reload has brought other groups meanwhile.
                guard settled == sources.wanted else { continue }
            } catch {
                if !Task.isCancelled { faults.note("sharing work", error) }
            }
            release()
            let pause = Task { [settings] () async -> Void in
                try? await Task.sleep(for: settings.heartbeat, clock: .suspending)  // cut short by a reload, or the end
            }
            self.pause = pause
            await withTaskCancellationOrGracefulShutdownHandler {
                _ = await pause.value
            } onCancelOrGracefulShutdown: {
                pause.cancel()
            }
        }
        release()
        // The others need not wait for its end.
        if let lease { try? await etcd.revoke(lease.id) }
        lease = nil
    }

    private func release() {
        for one in waiting ?? [] { one.resume() }
        waiting = nil
    }

    /// One sign of life, and a look at who else is there.
    private func beat() async throws {
        if let known = lease {
            let sent = MonotonicTime.now
            // One that is over here may live on there, where only the answers were lost. To renew it would hold a share
            // that nobody polls.
            if sent < known.validUntil, try await etcd.keepAlive(known.id) {
                lease?.validUntil = sent + .seconds(settings.lease)
            } else {
                forgetLease()
                log.warning("the lease has expired; this agent joins its group anew")
            }
        }
        if lease == nil { try await join() }
        let prefix = Self.prefix(settings.group)
        let found = Set(try await etcd.keys(after: prefix).map { String($0.dropFirst(prefix.count)) })
        guard let own = lease?.member, found.contains(own) else {
            forgetLease()
            throw EtcdError("the agent's own key is gone")
        }
        if found != members {
            members = found
            ring = HashRing(found)
            log.notice(
                "the agents that share work have changed",
                metadata: ["group": "\(settings.group)", "agents": "\(found.sorted().joined(separator: ", "))"])
        }
        try await beatInGroups(of: own)
    }

    /// A key in each group that is new, none in those that are gone, and a look at who else is there.
    private func beatInGroups(of member: String) async throws {
        let wanted = sources.wanted
        for group in sources.missing {
            guard let lease else { throw EtcdError("the lease is gone") }
            try await etcd.put(sources.key(of: member, in: group), settings.hostName, lease: lease.id)
            sources.noteJoined(group)
        }
        for group in sources.surplus {
            try await etcd.delete(sources.key(of: member, in: group))
            sources.noteLeft(group)
        }
        if !sources.joined.isEmpty || !sources.members.isEmpty {
            for group in sources.take(try await etcd.keys(after: sources.start)) {
                let agents = sources.members[group]?.sorted() ?? []
                log.notice(
                    "the agents that share a source's pollsters have changed",
                    metadata: ["group": "\(group)", "agents": "\(agents.joined(separator: ", "))"])
            }
            if sources.joined.contains(where: { sources.members[$0]?.contains(member) != true }) {
                forgetLease()
                throw EtcdError("the agent's own key is gone")
            }
        }
        settled = wanted
    }

    private func forgetLease() {
        lease = nil
        sources.forget()
    }

    private func join() async throws {
        let sent = MonotonicTime.now
        let id = try await etcd.grantLease(seconds: settings.lease)
        let member = "\(settings.hostName)-\(String(UInt64.random(in: .min ... .max), radix: 16))"
        do {
            try await etcd.put(Self.prefix(settings.group) + member, settings.hostName, lease: id)
        } catch {
            try? await etcd.revoke(id)  // the key may be there, of a member that nobody is
            throw error
        }
        lease = Lease(id: id, member: member, validUntil: sent + .seconds(settings.lease))
    }

    private static func prefix(_ group: String) -> String { "/hypsometer/polling/\(group)/" }
}
