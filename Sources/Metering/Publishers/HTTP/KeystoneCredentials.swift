// SPDX-License-Identifier: Apache-2.0
internal import OpenStack

/// A token of Keystone's, which is replaced before it ends.
actor KeystoneCredentials: HTTPCredentials {
    private let session: CloudSession
    private var last: CloudSecret?

    init(_ session: CloudSession) { self.session = session }

    func credential(isAfterRefusal: Bool) async throws -> HTTPCredential {
        let token = try await session.token(besides: isAfterRefusal ? last : nil)
        last = token
        return HTTPCredential(name: "X-Auth-Token", value: token.value)
    }
}
