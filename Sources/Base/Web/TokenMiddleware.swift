// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
package import Hummingbird

/// Lets requests pass that show a token, as `Authorization: Bearer …`.
package struct TokenMiddleware<Context: RequestContext>: RouterMiddleware {
    private let credentials: CredentialsInForce
    private let onRefusal: @Sendable () -> Void

    /// - Parameter onRefusal: called for each request that is not let pass.
    package init(_ credentials: CredentialsInForce, onRefusal: @escaping @Sendable () -> Void = {}) {
        self.credentials = credentials
        self.onRefusal = onRefusal
    }

    @concurrent package func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let field = request.headers[.authorization] else {
            throw refusal("This needs a token, as the header field Authorization: Bearer <token>.")
        }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", credentials.contains(parts[1].utf8) else {
            throw refusal("The token is not one that this server knows.")
        }
        return try await next(request, context)
    }

    private func refusal(_ detail: String) -> Problem {
        onRefusal()
        var problem = Problem(.unauthorized, detail)
        problem.headers[.wwwAuthenticate] = "Bearer"
        return problem
    }
}
