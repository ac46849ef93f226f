// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
package import Hummingbird
package import Logging

/// Turns every error of a request into a ``Problem``: the client's mistakes with their reasons, ours without, as those
/// are for the log.
package struct ProblemMiddleware<Context: RequestContext>: RouterMiddleware {
    private let log: Logger

    package init(log: Logger) { self.log = log }

    @concurrent package func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            return problem.response(from: request, context: context)
        } catch let error as HTTPError {
            var problem = Problem(error.status, error.body ?? Self.detail(error.status, request))
            problem.headers = error.headers
            return problem.response(from: request, context: context)
        } catch is CancellationError {
            return Problem(.serviceUnavailable, "The server is ending.", retryAfter: 5).response(
                from: request, context: context)
        } catch {
            log.error(
                "a request failed",
                metadata: ["method": "\(request.method)", "path": "\(request.uri.path)", "error": "\(error)"])
            return Problem(.internalServerError, "The server failed; its log says why.").response(
                from: request, context: context)
        }
    }

    private static func detail(_ status: HTTPResponse.Status, _ request: Request) -> String {
        switch status {
        case .notFound: "There is nothing at this path; /v1/openapi.json lists what there is."
        case .methodNotAllowed: "\(request.method) can't be used here; /v1/openapi.json lists what can."
        default: status.reasonPhrase
        }
    }
}
