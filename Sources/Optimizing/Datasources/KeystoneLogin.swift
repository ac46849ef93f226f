// SPDX-License-Identifier: Apache-2.0
internal import OpenStack

/// A login at Keystone for one service of the catalog.
struct KeystoneLogin: Sendable {
    struct NoSuchService: Error, CustomStringConvertible {
        var service: String
        var description: String {
            "Keystone's catalog has no service \(service) in the region and interface of [service_credentials]; set url"
        }
    }

    let session: CloudSession
    /// By its type.
    let service: String

    /// Without a trailing slash.
    var address: String {
        get async throws {
            guard let address = try await session.endpoint(of: service) else { throw NoSuchService(service: service) }
            return address
        }
    }
}
