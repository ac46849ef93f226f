// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import JSONText

/// The calls of extensions.
extension LoadedEntries {
    func answer(_ request: RPCRequest) async throws -> WireValue {
        let parameters = request.parameters
        let entry = try fleetExtension(try parameters.text("name"))
        do {
            switch PluginProtocol.Method(rawValue: request.method) {
            case .extensionCheck?: try await entry.check(try FleetEvent(json: try parameters.jsonObject("event")))
            case .extensionEvent?: try await entry.receive(try FleetEvent(json: try parameters.jsonObject("event")))
            case .deploymentCheck?:
                let nodes = parameters.json("nodes").array ?? []
                try await entry.onBeforeDeploymentCheck(
                    try FleetCluster(json: try parameters.jsonObject("cluster")),
                    nodes: try nodes.compactMap(\.object).map { try FleetNode(json: $0) })
            case .extensionCall?:
                let call = ExtensionCall(
                    try parameters.text("call"), node: try FleetNode(json: try parameters.jsonObject("node")),
                    arguments: parameters.json("arguments").array ?? [])
                return .object(["value": WireValue(try await entry.answer(call))])
            default: return try await handle(parameters, entry)
            }
        } catch let error as FleetFormatError {
            throw RPCError(.invalidParameters, error.description)
        }
        return .object([])
    }

    /// Runs one of the extension's pipelines over deployment or provisioning data.
    func process(_ request: RPCRequest) async throws -> [UInt8] {
        let parameters = request.parameters
        let name = try parameters.text("name")
        guard case .fleetExtension(let type, _) = try entryPoint(EntryPoint.fleetExtension, name).kind else {
            throw RPCError(.invalidParameters, "\(name) is no extension")
        }
        let index = try parameters.integer("pipeline")
        guard type.dataPipelines.indices.contains(index) else {
            throw RPCError(.invalidParameters, "no pipeline \(index)")
        }
        let pipeline = type.dataPipelines[index].init()
        let data = try parameters.jsonObject("data")
        let changed: JSONObject
        do {
            let cluster = try FleetCluster(json: try parameters.jsonObject("cluster"))
            let nodes = try parameters.list("nodes") { item throws(WireError) in JSONValue(item) }
                .compactMap(\.object).map { try FleetNode(json: $0) }
            if request.method == PluginProtocol.Method.processDeployment.rawValue {
                changed = try await pipeline.processDeployment(data, cluster: cluster, nodes: nodes)
            } else {
                changed = try await pipeline.processProvisioning(data, cluster: cluster, nodes: nodes)
            }
        } catch let error as FleetFormatError {
            throw RPCError(.invalidParameters, error.description)
        }
        return Array(JSONValue.object(["data": .object(changed)]).json.utf8)
    }

    private func handle(_ parameters: WireValue, _ entry: any FleetExtension) async throws -> WireValue {
        let routes = entry.routes
        let index = try parameters.integer("route")
        guard routes.indices.contains(index) else { throw RPCError(.invalidParameters, "no route \(index)") }
        let request = try ExtensionRequest(message: parameters)
        do {
            return try await routes[index].handler(request).message
        } catch let error as JSONError {
            return ExtensionResponse.problem(400, "The body is no JSON: \(error).").message
        } catch let error as FleetRefusal {
            return ExtensionResponse.problem(409, error.description).message
        }
    }
}
