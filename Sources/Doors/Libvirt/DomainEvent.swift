// SPDX-License-Identifier: Apache-2.0

/// Something happened to a domain, or to our knowledge of all of them.
public enum DomainEvent: Sendable, Hashable {
    /// Defined, undefined, started, suspended, resumed, stopped…: `virDomainEventType` has the numbers.
    case lifecycle(uuid: String, event: Int32)
    /// Its metadata were rewritten, or a device came or went.
    case changed(uuid: String)
    /// A connection was opened: whatever happened before it is not known.
    case connected
}
