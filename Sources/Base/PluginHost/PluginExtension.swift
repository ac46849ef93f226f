// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import FleetExtensions
package import HypsometerKit
internal import JSONText

/// An extension of the fleet service behind the protocol.
package struct PluginExtension: Sendable {
    package let name: String
    /// What it says of itself; nil where it could not be loaded or takes no part.
    package private(set) var declaration: ExtensionDeclaration?
    /// Why there is no declaration.
    package private(set) var whyNot: String?
    private let slot: PluginSlot

    init(_ slot: PluginSlot, name: String, answer: StartAnswer.Entry?) {
        self.slot = slot
        self.name = name
        if let reason = answer?.disabled {
            whyNot = "takes no part: \(reason)"
        } else if let value = answer?.fleetExtension {
            do throws(WireError) {
                declaration = try ExtensionDeclaration(value, name: name)
            } catch {
                whyNot = "answered start wrongly: \(error)"
            }
        } else {
            whyNot = answer == nil ? slot.whyAbsent ?? "could not be loaded" : "answered start without \"extension\""
        }
    }

    /// How its program is, and why: `running`, `restarting`, `quarantined`, …; `stopped` where there is none.
    package var process: (state: String, reason: String) {
        guard let condition = slot.current?.currentCondition else { return ("stopped", slot.whyAbsent ?? "") }
        return (condition.state.rawValue, condition.reason)
    }

    /// Asks before a change.
    ///
    /// - Throws: ``FleetRefusal``, or ``PluginError`` where it gives no answer.
    package func check(_ event: FleetEvent, within limit: Duration) async throws {
        try await call(.extensionCheck, event, within: limit)
    }

    package func tell(_ event: FleetEvent, within limit: Duration) async throws {
        try await call(.extensionEvent, event, within: limit)
    }

    package func checkDeployment(
        of cluster: FleetCluster, nodes: [FleetNode], within limit: Duration
    ) async throws {
        _ = try await call(
            .deploymentCheck,
            .object([
                "name": .string(name), "cluster": WireValue(cluster.json),
                "nodes": .array(nodes.map { WireValue($0.json) }),
            ]), within: limit)
    }

    /// Makes one of the calls that it provides.
    package func answer(_ call: ExtensionCall, within limit: Duration) async throws -> JSONValue {
        let parameters: WireValue = .object([
            "name": .string(name), "call": .string(call.name), "node": WireValue(call.node.json),
            "arguments": .array(call.arguments.map { WireValue($0) }),
        ])
        return try await self.call(.extensionCall, parameters, within: limit).json("value")
    }

    /// - Parameter route: its place among those that it declared.
    package func handle(
        _ request: ExtensionRequest, route: Int, within limit: Duration
    ) async throws -> ExtensionResponse {
        do {
            let answer = try await slot.call(
                .handleRequest, request.message(to: name, route: route).json, within: limit)
            return try ExtensionResponse(message: answer)
        } catch {
            throw slot.named(error)
        }
    }

    /// Runs one of its pipelines.
    ///
    /// - Parameters:
    ///   - pipeline: its place among those that it declared.
    ///   - subject: whose data it is; made once for all pipelines, as that of ten thousand nodes takes its time.
    /// - Returns: the data as it is to go on.
    /// - Throws: ``FleetRefusal``, or ``PluginError`` where it gives no answer that can be used.
    package func process(
        _ kind: DeploymentDataKind, pipeline: Int, _ data: JSONObject, of subject: PipelineSubject,
        within limit: Duration
    ) async throws -> JSONObject {
        let head = JSONValue.object(["name": .string(name), "pipeline": .integer(pipeline)]).json.dropLast()
        let text = "\(head), \(subject.text), \"data\": \(JSONValue.object(data).json)}"
        do {
            let answer = try await slot.call(kind.method, Array(text.utf8), within: limit)
            guard case .object? = answer["data"] else {
                throw WireError("data", found: answer["data"]?.shown ?? "nothing", allowed: "an object, the data")
            }
            return try answer.jsonObject("data")
        } catch let error as RPCError where error.code == RPCError.Code.refused.rawValue {
            throw FleetRefusal(error.description)
        } catch {
            throw slot.named(error)
        }
    }

    private func call(_ method: PluginProtocol.Method, _ event: FleetEvent, within limit: Duration) async throws {
        _ = try await call(
            method, .object(["name": .string(name), "event": WireValue(event.json)]), within: limit)
    }

    private func call(
        _ method: PluginProtocol.Method, _ parameters: WireValue, within limit: Duration
    ) async throws -> WireValue {
        do {
            return try await slot.call(method, parameters.json, within: limit)
        } catch let error as RPCError where error.code == RPCError.Code.refused.rawValue {
            throw FleetRefusal(error.description)
        } catch {
            throw slot.named(error)
        }
    }
}
