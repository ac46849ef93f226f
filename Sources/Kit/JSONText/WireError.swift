// SPDX-License-Identifier: Apache-2.0

/// Why a message cannot be read.
package struct WireError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The field, such as `counter_volume` or `resource_metadata.flavor`, or the place in the bytes, `byte 17`.
    package var place: String
    package var found: String
    package var allowed: String

    package init(_ place: String, found: String, allowed: String) {
        self.place = place
        self.found = found
        self.allowed = allowed
    }

    /// The same of a field that stands inside another.
    package func inside(_ field: String) -> WireError {
        let joint = place.isEmpty || place.hasPrefix("[") ? "" : "."
        // Keys come from outside: for a log they are cut short, and what would break its line is escaped.
        let shown = field.unicodeScalars.prefix(60).map { $0.escaped(asASCII: true) }.joined()
        return WireError(shown + joint + place, found: found, allowed: allowed)
    }

    package var description: String { "\(place): \(found); allowed: \(allowed)" }
}

/// How much of a message is read at most, however it was made.
package struct WireLimits: Sendable, Hashable {
    package var bytes: Int
    /// Of lists and objects inside each other.
    package var depth: Int

    package init(bytes: Int, depth: Int = 32) {
        self.bytes = bytes
        self.depth = depth
    }

    /// The largest that a UDP datagram carries.
    package static let datagram = WireLimits(bytes: 65_535)

    package func check(_ count: Int) throws(WireError) {
        guard count <= bytes else {
            throw WireError("message", found: "\(count) bytes", allowed: "at most \(bytes)")
        }
    }
}
