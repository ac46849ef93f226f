// SPDX-License-Identifier: Apache-2.0
package import JSONText

/// Which publisher, and where its samples are to go: a URL in its parts.
package struct PublisherTarget: Sendable, Hashable {
    package var name: String
    package var location: String
    package var options: [String: String]

    package init(name: String, location: String, options: [String: String]) {
        self.name = name
        self.location = location
        self.options = options
    }

    package init(_ value: WireValue) throws(WireError) {
        name = try value.text("name")
        location = try value.text("location")
        options = try value.dictionary("options")
    }

    package var parameters: WireValue {
        .object([
            "name": .string(name), "location": .string(location),
            "options": .object(options.sorted { $0.key < $1.key }.map { WireValue.Entry($0.key, .string($0.value)) }),
        ])
    }
}
