// SPDX-License-Identifier: Apache-2.0
import OpenStack
import TestSupport

extension StubCloud {
    /// Somebody who may log in.
    var credentials: CloudCredentials {
        CloudCredentials(
            authURL: url, proof: .password(user: .init(name: "admin", domainID: "default"), CloudSecret(Self.password)),
            scope: .project(.init(name: "admin", domainID: "default")))
    }

    var session: CloudSession { CloudSession(credentials) }
}

/// What a body throws, where it is a ``CloudError``.
func cloudError(_ body: () async throws -> Void) async -> CloudError? {
    do { try await body() } catch { return error as? CloudError }
    return nil
}
