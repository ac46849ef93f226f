// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Telemetry

/// What a plug-in says of itself when it is started.
package struct StartAnswer: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var namespace: String
        package var name: String
        /// Why it doesn't take part; nil where it does.
        package var disabled: String?
        /// Of a pollster.
        package var meters: [Meter] = []
        package var defaultDiscovery: String?
        /// Of a publisher: what its URLs may say after the `?`.
        package var options: Set<String> = []
        /// Of a notification plug-in.
        package var eventTypes: [String] = []
        /// Of goals, strategies, planners, scoring engines and collectors; nil for one that takes no part.
        package var offer: Offer?
        /// Of an extension: what it declares, as ``ExtensionDeclaration`` has it.
        package var fleetExtension: WireValue?

        package init(namespace: String, name: String, disabled: String? = nil) {
            self.namespace = namespace
            self.name = name
            self.disabled = disabled
        }
    }

    package var version = PluginProtocol.version
    /// Why the whole plug-in doesn't take part; nil where it does.
    package var disabled: String?
    package var entries: [Entry]

    package init(entries: [Entry]) { self.entries = entries }

    package init(_ value: WireValue) throws(WireError) {
        version = try value.integer("protocol")
        disabled = try value.optionalText("disabled")
        entries = try value.list("entry_points") { item throws(WireError) in try Entry(item) }
    }

    package var result: WireValue {
        .object([
            "protocol": .integer(Int128(version)), "disabled": .text(disabled),
            "entry_points": .array(entries.map(\.value)),
        ])
    }
}

extension StartAnswer.Entry {
    fileprivate init(_ value: WireValue) throws(WireError) {
        namespace = try value.text("namespace")
        name = try value.text("name")
        disabled = try value.optionalText("disabled")
        meters = try value.list("meters") { item throws(WireError) in try Meter(item) }
        defaultDiscovery = try value.optionalText("default_discovery")
        options = Set(try value.texts("options"))
        eventTypes = try value.texts("event_types")
        offer = disabled == nil ? try Offer(value, namespace: namespace, name: name) : nil
        fleetExtension = value["extension"]
    }

    fileprivate var value: WireValue {
        guard let offer, case .object(let entries) = plainValue else { return plainValue }
        return .object(entries + [offer.entry])
    }

    private var plainValue: WireValue {
        .object([
            "namespace": .string(namespace), "name": .string(name), "disabled": .text(disabled),
            "meters": meters.isEmpty ? nil : .array(meters.map(\.value)),
            "default_discovery": .text(defaultDiscovery),
            "options": options.isEmpty ? nil : .texts(options.sorted()),
            "event_types": eventTypes.isEmpty ? nil : .texts(eventTypes),
            "extension": fleetExtension,
        ])
    }
}

extension Meter {
    fileprivate init(_ value: WireValue) throws(WireError) {
        let name = try value.text("name")
        guard !name.isEmpty else { throw WireError("name", found: "\"\"", allowed: "a text, not empty") }
        let type = try value.text("type")
        guard let kind = Kind(rawValue: type) else {
            throw WireError(
                "type", found: WireValue.string(type).shown,
                allowed: Kind.allCases.map(\.rawValue).joined(separator: ", "))
        }
        self.init(name, kind, unit: try value.text("unit"), needsTwoReadings: try value.flag("needs_two_readings"))
    }

    fileprivate var value: WireValue {
        .object([
            "name": .string(name), "type": .string(kind.rawValue), "unit": .string(unit),
            "needs_two_readings": needsTwoReadings ? .bool(true) : nil,
        ])
    }
}
