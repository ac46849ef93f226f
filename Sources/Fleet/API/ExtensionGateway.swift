// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PluginHost
internal import Web

/// Hands requests to extensions.
struct ExtensionGateway: Sendable {
    let host: ExtensionHost

    /// What is handed on; an extension sees no token.
    private static let headers: [HTTPField.Name] = [.contentType, .accept, .ifMatch, .ifNoneMatch]
    /// What an extension can't say: it is the server's.
    private static let own: Set<String> = [
        "connection", "content-length", "date", "keep-alive", "server", "transfer-encoding", "upgrade",
    ]

    func answer(_ route: ExtensionRouteTable.Route, _ request: FleetRequest) async throws -> Response {
        let entry = route.owner
        try entry.requireRunning()
        if let text = request.parameters["cluster_id"], let id = Int(text) {
            let cluster = try await host.inventory.read { try ClusterRows.find(id, $0) }
            guard cluster.extensions.contains(entry.name) else {
                throw FleetProblem(
                    .conflict, "The extension \(entry.name) is not enabled on cluster \(id).", extensionName: entry.name
                )
            }
        }
        let body = try await request.body.read(request.request)
        guard let text = String(validating: body.readableBytesView, as: UTF8.self) else {
            throw FleetProblem(.invalid, "The body is not UTF-8.")
        }
        var query: [String: String] = [:]
        for (name, value) in request.request.uri.queryParameters { query[String(name)] = String(value) }
        var headers: [String: String] = [:]
        for name in Self.headers { headers[name.canonicalName] = request.request.headers[name] }
        let handed = ExtensionRequest(
            method: request.request.method.rawValue, path: request.request.uri.path, parameters: request.parameters,
            query: query, headers: headers, body: text, node: request.sender?.node)
        do {
            let answer = try await host.counted(entry) {
                try await entry.plugin.handle(handed, route: route.index, within: host.setup.extensionTimeout)
            }
            return Self.response(answer)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            var problem = Problem(.badGateway, "The extension \(entry.name) failed to answer: \(error)")
            problem.members.append(("extension", Array("\"\(entry.name)\"".utf8)))
            throw problem
        }
    }

    private static func response(_ answer: ExtensionResponse) -> Response {
        var response = Response(
            status: .init(code: answer.status), body: .init(byteBuffer: ByteBuffer(string: answer.body)))
        for (name, value) in answer.headers where !own.contains(name.lowercased()) {
            guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else { continue }
            response.headers[name] = value
        }
        return response
    }
}
