// SPDX-License-Identifier: Apache-2.0

/// What extends the fleet service.
extension PluginTemplate {
    var fleetExtension: Parts {
        Parts(
            namespace: "nailgun.extensions", type: base + "Extension",
            source: { type in
                """
                import HypsometerKit

                /// Counts how often each node was changed, in a table of its own, and answers with that over HTTP. Put what you
                /// are after in its place.
                struct \(type): Loadable, FleetExtension {
                    static let name = "\(word)"
                    static let version = "0.1.0"
                    static let description = "Counts the changes of each node"
                    private static let counts = tablePrefix + "count"

                    static let migrations = [
                        ExtensionMigration(
                            "001", up: ["CREATE TABLE \\(counts) (node INTEGER PRIMARY KEY, changes INTEGER NOT NULL)"],
                            down: ["DROP TABLE \\(counts)"])
                    ]

                    private let database: ExtensionDatabase

                    init(context: PluginContext) { database = context.database }

                    var routes: [ExtensionRoute] {
                        [
                            ExtensionRoute(
                                "GET", "/\(name)/nodes/{id:int}", "How often the node was changed", access: .read
                            ) { request in
                                let rows = try await database.read(
                                    "SELECT changes FROM \\(Self.counts) WHERE node = ?",
                                    [.integer(Int(request.parameters["id"] ?? "") ?? 0)])
                                return .json(["changes": rows.first?["changes"] ?? .integer(0)])
                            }
                        ]
                    }

                    /// After it has happened, at least once: the event's `id` tells a second time.
                    func onNodeUpdate(_ event: FleetEvent) async throws {
                        guard let id = event.node?.id else { return }
                        try await database.write(
                            "INSERT INTO \\(Self.counts) VALUES (?, 1) ON CONFLICT (node) DO UPDATE SET changes = changes + 1",
                            [.integer(id)])
                    }

                    func onNodeDelete(_ event: FleetEvent) async throws {
                        guard let id = event.node?.id else { return }
                        try await database.write("DELETE FROM \\(Self.counts) WHERE node = ?", [.integer(id)])
                    }
                }

                @main struct \(base)Plugin: PluginMain {
                    static let entryPoints: [EntryPoint] = [.fleetExtension(\(type).self)]
                }

                """
            },
            test: { type in
                """
                    private actor Service: FleetHost {
                        private(set) var calls: [JSONObject] = []

                        func call(_ method: String, _ parameters: JSONObject) async throws -> JSONValue {
                            calls.append(parameters)
                            return ["changes": [1]]
                        }
                    }

                    @Test func aChangeIsCountedInATableOfItsOwn() async throws {
                        let service = Service()
                        var context = PluginContext()
                        context.host = service
                        let node = FleetNode(id: 7, mac: "52:54:00:12:34:56", name: "c7")
                        let event = FleetEvent(kind: .nodeUpdate, nodeBefore: node, nodeAfter: node)
                        try await \(type)(context: context).onNodeUpdate(event)
                        let statement = await service.calls.first?["statements"]?.array?.first
                        #expect(statement?["sql"]?.string?.contains("ext_\(word)__count") == true)
                        #expect(statement?["arguments"]?.array == [7])
                    }
                """
            },
            tryIt: "hypsometer fleet serve --plugin-dir plugins   # then: hypsometer fleet extension show \(word)",
            entry: word)
    }
}
