// SPDX-License-Identifier: Apache-2.0
package import JSONText

/// The first call: what the host is, and which entry points it wants.
package struct StartMessage: Sendable, Hashable {
    package struct Entry: Sendable, Hashable {
        package var namespace: String
        package var name: String
        package var options: [String: String]

        package init(namespace: String, name: String, options: [String: String]) {
            self.namespace = namespace
            self.name = name
            self.options = options
        }
    }

    package var version = PluginProtocol.version
    /// The program: `hypsometer-polling`.
    package var service: String
    package var hostName: String
    package var settings: [String: [String: String]]
    package var entries: [Entry]
    /// What the plug-in may call of the host's.
    package var hostMethods: [String] = []

    package init(service: String, hostName: String, settings: [String: [String: String]], entries: [Entry]) {
        self.service = service
        self.hostName = hostName
        self.settings = settings
        self.entries = entries
    }

    package init(_ value: WireValue) throws(WireError) {
        version = try value.integer("protocol")
        service = try value.text("service")
        hostName = try value.text("host")
        settings = [:]
        if case .object(let sections)? = value["settings"] {
            for section in sections { settings[section.key] = try value["settings"]?.dictionary(section.key) }
        }
        entries = try value.list("entry_points") { item throws(WireError) in
            Entry(
                namespace: try item.text("namespace"), name: try item.text("name"),
                options: try item.dictionary("options"))
        }
        hostMethods = try value.texts("host_methods")
    }

    package var parameters: WireValue {
        .object([
            "protocol": .integer(Int128(version)), "service": .string(service), "host": .string(hostName),
            "settings": Self.sorted(settings.mapValues(Self.texts)),
            "entry_points": .array(
                entries.map {
                    .object([
                        "namespace": .string($0.namespace), "name": .string($0.name), "options": Self.texts($0.options),
                    ])
                }),
            "host_methods": hostMethods.isEmpty ? nil : .texts(hostMethods),
        ])
    }

    private static func texts(_ texts: [String: String]) -> WireValue { sorted(texts.mapValues { .string($0) }) }

    private static func sorted(_ values: [String: WireValue]) -> WireValue {
        .object(values.sorted { $0.key < $1.key }.map { WireValue.Entry($0.key, $0.value) })
    }
}
