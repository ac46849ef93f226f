// SPDX-License-Identifier: Apache-2.0

/// What makes models.
extension PluginTemplate {
    var collector: Parts {
        Parts(
            namespace: "watcher_cluster_data_model_collectors", type: base + "Collector",
            source: { type in
                """
                import HypsometerKit

                /// Makes a model of the nodes that the operator names. Put what you ask in its place.
                struct \(type): Loadable, ClusterDataModelCollector {
                    static let options = [
                        Parameter("nodes", .list(.text()), default: [], help: "Host names with commas between them.")
                    ]

                    private let names: [String]

                    init(context: PluginContext) {
                        names = (context.options["nodes"] ?? "").split(separator: ",").map(String.init)
                    }

                    func execute() async throws -> any Model {
                        var model = ModelRoot()
                        for name in names {
                            var node = ComputeNode(uuid: name)
                            node.hostname = name
                            _ = model.add(node)
                        }
                        return model
                    }

                    var notificationEndpoints: [any NotificationEndpoint] { [NodeGone()] }
                }

                /// Takes a node out of the model when an event says that it is gone.
                struct NodeGone: NotificationEndpoint {
                    var filterRule: NotificationFilter { NotificationFilter(eventType: .pattern("^\(meter)\\\\.gone$")) }

                    func info(_ notification: Notification, model: any Model) async throws -> any Model {
                        guard var model = model as? ModelRoot, let name = notification.payload["node"]?.string,
                            model.findNode(uuid: name) != nil
                        else { return model }
                        try model.removeNode(uuid: name)
                        return model
                    }
                }

                @main struct \(base)Plugin: PluginMain {
                    static let entryPoints: [EntryPoint] = [
                        .collector("\(word)", options: \(type).options, \(type).self)
                    ]
                }

                """
            },
            test: { type in
                """
                    @Test func aNodeThatIsGoneLeavesTheModel() async throws {
                        let collector = \(type)(context: PluginContext(options: ["nodes": "a,b"]))
                        var model = try await collector.execute()
                        let gone = Notification(publisherID: "x", eventType: "\(meter).gone", payload: ["node": "a"])
                        for endpoint in collector.notificationEndpoints where try endpoint.filterRule.matches(gone) {
                            model = try await endpoint.info(gone, model: model)
                        }
                        #expect((model as? ModelRoot)?.allNodes.map(\\.uuid) == ["b"])
                    }
                """
            },
            tryIt: "hypsometer model show \(word) --plugin-dir plugins", entry: word)
    }
}
