// SPDX-License-Identifier: Apache-2.0
internal import FleetExtensions
internal import Hummingbird
internal import Web

/// One of the service's own operations: its place, who may call it, its line in the OpenAPI text, and what it does.
struct FleetRoute: Sendable {
    let pattern: RoutePattern
    let operation: OpenAPI.Operation
    /// None where nobody has to say who they are.
    let scopes: Set<Caller.Scope>
    let handler: @Sendable (FleetRequest) async throws -> Response

    init(
        _ method: String, _ path: String, _ summary: String, for scopes: Set<Caller.Scope>,
        parameters: [OpenAPI.Parameter] = [], takesBody: Bool = false, answers: KeyValuePairs<Int, String>,
        _ handler: @escaping @Sendable (FleetRequest) async throws -> Response
    ) {
        do { pattern = try RoutePattern(path) } catch { preconditionFailure("\(error)") }
        operation = OpenAPI.Operation(
            method, pattern.description, summary, parameters: parameters, takes: takesBody ? ["application/json"] : [],
            answers: answers, needsToken: !scopes.isEmpty)
        self.scopes = scopes
        self.handler = handler
    }
}

extension Set<Caller.Scope> {
    static let admins: Self = [.admin]
    static let readers: Self = [.admin, .read]
    static let nobodyInParticular: Self = []
}
