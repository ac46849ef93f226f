// SPDX-License-Identifier: Apache-2.0

/// Why the bus could not do what we asked, in its own words where it said something.
package struct BusError: Error, Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// No connection, or it broke.
        case connection
        /// No answer in time.
        case deadline
        /// What answers is no broker, or speaks otherwise than we do.
        case otherProtocol
        /// The broker or the certificates don't fit.
        case tls
        /// The broker said no, with the number that AMQP has for it: 403 access refused, 404 not found, 406
        /// precondition failed, 530 not allowed.
        case broker(code: Int)
        /// No queue takes a message with that key.
        case unroutable
        /// The broker took the message and then gave it up.
        case notConfirmed
        /// The broker stopped handing out a queue's messages, as one that was deleted.
        case cancelled
    }

    package var reason: Reason
    /// What we were doing, after "could not": `connect to mq1:5672`.
    package var action: String
    package var message: String

    /// Whether a new connection may do better.
    var isDisconnection: Bool { [.connection, .deadline, .otherProtocol].contains(reason) }

    /// AMQP's number, where the broker answered.
    package var code: Int? { if case .broker(let code) = reason { code } else { nil } }

    /// Whether the broker has nothing against us but takes no message of this size.
    package var isTooLarge: Bool { code == 311 || code == 406 && message.contains("larger than") }
}

extension BusError: CustomStringConvertible {
    package var description: String { "could not \(action): \(message)" }
}
