// SPDX-License-Identifier: Apache-2.0
internal import Libvirt
internal import Synchronization

/// What libvirt's events told since somebody last looked. It stays small: a domain is noted once, however often it
/// changes.
final class DomainChanges: Sendable {
    struct Pending: Sendable {
        var uuids: Set<String> = []
        /// Anything may have changed, as after a new connection.
        var all = false
    }

    private let pending = Mutex(Pending())

    func note(_ event: DomainEvent) {
        pending.withLock { pending in
            switch event {
            case .lifecycle(let uuid, _), .changed(let uuid): pending.uuids.insert(uuid)
            case .connected: pending.all = true
            }
        }
    }

    func take() -> Pending {
        pending.withLock { pending in
            defer { pending = Pending() }
            return pending
        }
    }
}
