// SPDX-License-Identifier: Apache-2.0
package import FleetExtensions
package import JSONText

/// What an extension says of itself in its answer to start.
package struct ExtensionDeclaration: Sendable, Hashable {
    package struct Route: Sendable, Hashable {
        package var method: String
        package var path: String
        package var summary: String
        package var access: ExtensionRoute.Access
    }

    package static let mostMigrations = 1000
    package static let mostRoutes = 1000
    private static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

    package var name: String
    package var version: String
    package var description: String
    package var provides: [String] = []
    package var checks: Set<FleetEvent.Kind> = []
    package var events: Set<FleetEvent.Kind> = Set(FleetEvent.Kind.allCases)
    package var failurePolicy = ExtensionFailurePolicy.refuse
    package var routes: [Route] = []
    package var migrations: [ExtensionMigration] = []
    /// Their names, in their order.
    package var dataPipelines: [String] = []

    package init(_ type: any FleetExtension.Type, routes: [ExtensionRoute]) {
        name = type.name
        version = type.version
        description = type.description
        provides = type.provides
        checks = type.checks
        events = type.events
        failurePolicy = type.failurePolicy
        self.routes = routes.map {
            Route(method: $0.method, path: $0.path, summary: $0.summary, access: $0.access)
        }
        migrations = type.migrations
        dataPipelines = type.dataPipelines.map { "\($0)" }
    }

    /// - Parameter name: as the manifest has it.
    package init(_ value: WireValue, name expected: String) throws(WireError) {
        name = try value.optionalText("name") ?? expected
        guard name == expected, ExtensionName.isValid(name) else {
            throw WireError(
                "name", found: WireValue.string(name).shown,
                allowed: name == expected ? ExtensionName.allowed : "\"\(expected)\", as in the manifest")
        }
        version = try value.text("version")
        guard SemanticVersion(version) != nil else {
            throw WireError("version", found: WireValue.string(version).shown, allowed: "a semantic version, as 1.0.0")
        }
        description = try value.text("description")
        provides = try value.texts("provides")
        checks = try Self.kinds(value, "checks") ?? []
        events = try Self.kinds(value, "events") ?? events
        if let word = try value.optionalText("failure_policy") {
            guard let policy = ExtensionFailurePolicy(rawValue: word) else {
                throw WireError("failure_policy", found: WireValue.string(word).shown, allowed: "refuse or ignore")
            }
            failurePolicy = policy
        }
        routes = try value.list("routes") { item throws(WireError) in try Self.route(item) }
        migrations = try value.list("migrations") { item throws(WireError) in try Self.migration(item) }
        dataPipelines = try value.texts("data_pipelines")
        try checkCounts()
    }

    private func checkCounts() throws(WireError) {
        guard routes.count <= Self.mostRoutes else {
            throw WireError("routes", found: "\(routes.count)", allowed: "at most \(Self.mostRoutes)")
        }
        guard migrations.count <= Self.mostMigrations else {
            throw WireError("migrations", found: "\(migrations.count)", allowed: "at most \(Self.mostMigrations)")
        }
        var ids: Set<String> = []
        for migration in migrations where !ids.insert(migration.id).inserted {
            throw WireError("migrations", found: "\(migration.id) twice", allowed: "each id once")
        }
    }

    private static func kinds(_ value: WireValue, _ key: String) throws(WireError) -> Set<FleetEvent.Kind>? {
        guard value[key] != nil, value[key] != .null else { return nil }
        var kinds: Set<FleetEvent.Kind> = []
        for word in try value.texts(key) {
            guard let kind = FleetEvent.Kind(rawValue: word) else {
                throw WireError(
                    key, found: WireValue.string(word).shown,
                    allowed: FleetEvent.Kind.allCases.map(\.rawValue).joined(separator: ", "))
            }
            kinds.insert(kind)
        }
        return kinds
    }

    private static func route(_ item: WireValue) throws(WireError) -> Route {
        let method = try item.text("method")
        guard methods.contains(method) else {
            throw WireError(
                "method", found: WireValue.string(method).shown, allowed: methods.joined(separator: ", "))
        }
        let word = try item.optionalText("access") ?? ExtensionRoute.Access.admin.rawValue
        guard let access = ExtensionRoute.Access(rawValue: word) else {
            throw WireError(
                "access", found: WireValue.string(word).shown,
                allowed: ExtensionRoute.Access.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return Route(
            method: method, path: try item.text("path"), summary: try item.optionalText("summary") ?? "", access: access
        )
    }

    private static func migration(_ item: WireValue) throws(WireError) -> ExtensionMigration {
        let id = try item.text("id")
        let isPlain = id.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0 || "_-.".unicodeScalars.contains($0))
        }
        guard isPlain, (1...64).contains(id.utf8.count) else {
            throw WireError(
                "id", found: WireValue.string(id).shown, allowed: "letters, digits, _, - and ., at most 64")
        }
        return ExtensionMigration(id, up: try item.texts("up"), down: try item.texts("down"))
    }

    package var value: WireValue {
        func words(_ kinds: Set<FleetEvent.Kind>) -> WireValue { .texts(kinds.map(\.rawValue).sorted()) }
        return .object([
            "name": .string(name), "version": .string(version), "description": .string(description),
            "provides": .texts(provides), "checks": words(checks), "events": words(events),
            "failure_policy": .string(failurePolicy.rawValue),
            "routes": .array(
                routes.map {
                    .object([
                        "method": .string($0.method), "path": .string($0.path), "summary": .string($0.summary),
                        "access": .string($0.access.rawValue),
                    ])
                }),
            "migrations": .array(
                migrations.map { .object(["id": .string($0.id), "up": .texts($0.up), "down": .texts($0.down)]) }),
            "data_pipelines": .texts(dataPipelines),
        ])
    }
}
