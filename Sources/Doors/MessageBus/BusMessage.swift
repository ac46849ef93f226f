// SPDX-License-Identifier: Apache-2.0
package import JSONText

/// What AMQP says of a message beside its body.
package struct BusProperties: Sendable, Hashable {
    package var contentType: String? = "application/json"
    package var contentEncoding: String? = "utf-8"
    package var headers: [WireValue.Entry] = []
    /// 2 where the broker keeps it on its disk.
    package var deliveryMode: Int? = 2
    package var priority: Int? = 0
    package var messageID: String?
    /// Seconds since 1970.
    package var timestamp: UInt64?

    /// Those of oslo.messaging's notifications.
    package init() {}
}

/// A message on its way out.
package struct BusMessage: Sendable, Hashable {
    package var exchange: String
    package var routingKey: String
    package var properties: BusProperties
    package var body: [UInt8]

    package init(exchange: String, routingKey: String, properties: BusProperties = BusProperties(), body: [UInt8]) {
        self.exchange = exchange
        self.routingKey = routingKey
        self.properties = properties
        self.body = body
    }
}

/// A message that a broker handed out, until it is acknowledged, refused, or the connection that it came by ends.
package struct BusDelivery: Sendable, Hashable {
    /// Which message of which connection; those of an earlier connection mean nothing to the broker, which hands the
    /// message out again.
    struct Tag: Sendable, Hashable {
        var connection: Int
        var number: UInt64
    }

    let tag: Tag
    package let exchange: String
    package let routingKey: String
    /// Whether it was handed out before, to whomever; what came of that is not known.
    package let redelivered: Bool
    package let properties: BusProperties
    package let body: [UInt8]
}

/// A queue, and which messages it gets.
package struct BusQueue: Sendable, Hashable {
    package struct Binding: Sendable, Hashable {
        /// A topic exchange.
        package var exchange: String
        package var routingKey: String

        package init(exchange: String, routingKey: String) {
            self.exchange = exchange
            self.routingKey = routingKey
        }
    }

    package var name: String
    package var bindings: [Binding]
    /// Whether it is this connection's alone and goes with it: then its name is what it begins with, and what was sent
    /// between two connections is lost.
    package var isOwn: Bool

    package init(_ name: String, bindings: [Binding], isOwn: Bool = false) {
        self.name = name
        self.bindings = bindings
        self.isOwn = isOwn
    }

    /// As oslo.messaging has it: a queue with the name of the routing key, for notifications of any of these
    /// exchanges.
    package init(routingKey: String, exchanges: [String]) {
        self.init(routingKey, bindings: exchanges.map { Binding(exchange: $0, routingKey: routingKey) })
    }
}
