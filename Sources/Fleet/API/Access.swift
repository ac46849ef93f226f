// SPDX-License-Identifier: Apache-2.0
internal import HTTPTypes
internal import Hummingbird
internal import Telemetry
internal import Web

/// Who may do what, by the token that a request shows.
struct Access: Sendable {
    /// Administrators'.
    let credentials: CredentialsInForce
    let tokens: TokenCache

    /// - Parameter scopes: of whom it is; none where nobody has to say who they are.
    /// - Returns: nil at public paths.
    /// - Throws: ``FleetProblem`` 401 where the token is none, 403 where it is not good for this.
    func caller(_ request: Request, allowed scopes: Set<Caller.Scope>) throws -> Caller? {
        if scopes.isEmpty { return nil }
        guard let field = request.headers[.authorization] else {
            throw FleetProblem(.unauthorized, "This needs a token, as the header field Authorization: Bearer <token>.")
        }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", parts[1].utf8.count <= 1024 else {
            throw FleetProblem(.unauthorized, "The header field Authorization has no token; allowed: Bearer <token>.")
        }
        let caller = try caller(String(parts[1]))
        guard scopes.contains(caller.scope) else {
            let words = scopes.map(\.rawValue).sorted().joined(separator: " or ")
            throw FleetProblem(
                .forbidden, "The token is of scope \(caller.scope.rawValue); this needs one of scope \(words).")
        }
        return caller
    }

    private func caller(_ secret: String) throws -> Caller {
        if credentials.contains(secret.utf8) { return Caller(scope: .admin, name: "admin") }
        guard let record = tokens.find(secret) else {
            throw FleetProblem(.unauthorized, "The token is not one that this service knows; it may have been revoked.")
        }
        if let expires = record.expires, expires < .now {
            throw FleetProblem(.unauthorized, "The token expired at \(expires) UTC.")
        }
        return record.caller
    }
}
