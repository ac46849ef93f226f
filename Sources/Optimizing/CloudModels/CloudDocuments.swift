// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import ModelCollectors
package import OpenStack

/// What collectors ask of a cloud, over a session with it.
package struct CloudDocuments: CloudAPI {
    private let session: CloudSession

    package init(session: CloudSession) { self.session = session }

    package func get(_ request: CloudRequest) async throws -> JSONValue {
        var call = ServiceRequest(request.service.rawValue, request.path, microversion: request.microversion)
        call.query = request.query.map { .init($0.name, $0.value) }
        let answer = try await session.answer(to: call)
        return try JSONValue(parsing: String(decoding: answer.body, as: UTF8.self))
    }
}
