// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
internal import Telemetry
internal import Web
internal import Wire

/// How answers are cut into pages: a client asks for the next one with the marker that the last one ended with.
enum Page {
    static func limit(_ standard: Int, most: Int, of what: String) -> QueryParameter<Int> {
        QueryParameter("limit", help: "How many \(what) an answer has at most (default \(standard)).", in: 1...most)
    }

    static let marker = QueryParameter("marker", help: "The next_marker of the answer before, for what follows it.")

    /// A marker that is no answer's.
    static func mistake(_ marker: String) -> Problem {
        Problem(.badRequest, "The parameter marker is not one of an answer's next_marker; leave it out to begin anew.")
    }
}

extension [UInt8] {
    /// `,"key":`, without the comma after an opening brace.
    mutating func append(key: StaticString) {
        if last != UInt8(ascii: "{") { append(UInt8(ascii: ",")) }
        append(UInt8(ascii: "\""))
        append(key)
        append("\":")
    }

    mutating func append(_ key: StaticString, _ text: String?) {
        append(key: key)
        appendJSON(text)
    }

    mutating func append(_ key: StaticString, number: Int) {
        append(key: key)
        append(contentsOf: String(number).utf8)
    }

    /// null where there is none.
    mutating func append(_ key: StaticString, value: Double?) {
        append(key: key)
        appendJSON(value ?? .nan)
    }

    /// Seconds of microseconds; null where there are none.
    mutating func append(_ key: StaticString, seconds microseconds: Int64?) {
        append(key, value: microseconds.map { Double($0) / 1e6 })
    }

    mutating func append(_ key: StaticString, _ time: Timestamp) {
        append(key: key)
        append(UInt8(ascii: "\""))
        time.append(to: &self)
        append(UInt8(ascii: "\""))
    }

    /// `,"key":[…]`, the elements written one by one.
    mutating func append<Item>(
        list key: StaticString, _ elements: some Sequence<Item>, _ write: (Item, inout [UInt8]) -> Void
    ) {
        append(key: key)
        append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            write(element, &self)
        }
        append(UInt8(ascii: "]"))
    }
}
