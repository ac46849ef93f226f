// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import HTTPTypes
internal import Hummingbird
internal import Web

/// Puts the store's refusals into HTTP's terms.
struct AuditProblemMiddleware: RouterMiddleware {
    @concurrent func handle(
        _ request: Request, context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do { return try await next(request, context) } catch let problem as AuditProblem {
            let status: HTTPResponse.Status =
                switch problem.kind {
                case .invalid: .badRequest
                case .notFound: .notFound
                case .conflict: .conflict
                case .busy: .serviceUnavailable
                }
            throw Problem(status, problem.description, retryAfter: problem.kind == .busy ? 5 : nil)
        }
    }
}

extension Response {
    static func json(_ value: JSONValue, _ status: HTTPResponse.Status = .ok) -> Response {
        Response(status, json: Array((value.json + "\n").utf8))
    }
}
