// SPDX-License-Identifier: Apache-2.0
internal import FleetExtensions
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import HypsometerKit
internal import JSONText
internal import Logging
internal import Web

/// Finds what answers a request, sees to it that the caller may ask for it, and puts errors into words.
///
/// Paths are matched here rather than by the server's router: extensions' paths come at run time, the router stops the
/// program over two that are the same, and answers a wrong method with 404.
struct FleetDispatch: RouterMiddleware {
    typealias Context = BasicRequestContext

    let routes: [FleetRoute]
    let extensions: ExtensionGateway
    let access: Access
    let inForce: FleetInForce

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await answer(request)
        } catch let problem as FleetProblem {
            throw problem.response
        }
    }

    private func answer(_ request: Request) async throws -> Response {
        let parts = try Self.parts(request.uri.path)
        let method = request.method.rawValue
        for route in routes where route.operation.method == method {
            guard let parameters = route.pattern.match(parts) else { continue }
            let caller = try access.caller(request, allowed: route.scopes)
            return try await route.handler(
                FleetRequest(request: request, sender: caller, parameters: parameters, body: inForce.body))
        }
        if let (route, parameters) = extensions.host.routes.match(method, parts) {
            let caller = try access.caller(request, allowed: route.declared.access.scopes)
            return try await extensions.answer(
                route, FleetRequest(request: request, sender: caller, parameters: parameters, body: inForce.body))
        }
        let others =
            routes.filter { $0.pattern.match(parts) != nil }.map(\.operation.method)
            + extensions.host.routes.methods(at: parts)
        guard !others.isEmpty else {
            throw FleetProblem(.notFound, "There is nothing at this path; /v1/openapi.json lists what there is.")
        }
        var problem = Problem(
            .methodNotAllowed, "\(method) can't be used here; allowed: \(Set(others).sorted().joined(separator: ", "))."
        )
        problem.headers[.allow] = Set(others).sorted().joined(separator: ", ")
        throw problem
    }

    /// The segments of a path, decoded; a final `/` makes no difference.
    private static func parts(_ path: String) throws -> [String] {
        guard path.utf8.count <= 4096 else { throw FleetProblem(.invalid, "The path is longer than 4096 bytes.") }
        return try path.split(separator: "/").map { part in
            guard let text = String(part).removingPercentEncoding, text != ".", text != "..",
                !text.contains(where: { $0 == "/" || $0 == "\0" })
            else {
                throw FleetProblem(
                    .invalid, "The path has a segment that isn't taken: ., .., or what can't be decoded.")
            }
            return text
        }
    }
}

extension FleetProblem {
    var response: Problem {
        let status: HTTPResponse.Status =
            switch kind {
            case .invalid: .badRequest
            case .unauthorized: .unauthorized
            case .forbidden: .forbidden
            case .notFound: .notFound
            case .conflict: .conflict
            case .stale: .preconditionFailed
            case .refused: .unprocessableContent
            case .unanswered, .busy: .serviceUnavailable
            }
        var problem = Problem(status, description, retryAfter: kind == .busy || kind == .unanswered ? 5 : nil)
        if kind == .unauthorized { problem.headers[.wwwAuthenticate] = "Bearer" }
        for (key, text) in [("extension", extensionName), ("event", event)] {
            var json: [UInt8] = []
            json.appendJSON(text)
            if text != nil { problem.members.append((key, json)) }
        }
        return problem
    }
}

extension ExtensionRoute.Access {
    var scopes: Set<Caller.Scope> {
        switch self {
        case .anybody: []
        case .read: .readers
        case .admin: .admins
        case .node: [.node]
        }
    }
}
