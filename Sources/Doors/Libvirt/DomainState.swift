// SPDX-License-Identifier: Apache-2.0

/// What a domain is doing: libvirt's `virDomainState`, with its numbers.
public enum DomainState: Int32, Sendable, Hashable, CaseIterable {
    case noState = 0
    case running = 1
    case blocked = 2
    case paused = 3
    case shutdown = 4
    case shutoff = 5
    case crashed = 6
    case pmSuspended = 7
}
