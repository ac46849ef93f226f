// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import ModelCollectors
package import OpenStack

/// What collectors ask of a cloud, over a session with it; ``NothingToModel`` of a service that the cloud doesn't have.
package struct CloudDocuments: CloudAPI {
    private let session: CloudSession

    package init(session: CloudSession) { self.session = session }

    package func get(_ request: CloudRequest) async throws -> JSONValue {
        var call = ServiceRequest(request.service.rawValue, request.path, microversion: request.microversion)
        call.query = request.query.map { .init($0.name, $0.value) }
        let answer: CloudAnswer
        do { answer = try await session.answer(to: call) } catch let error as CloudError
            where error.kind == .noSuchService
        {
            throw NothingToModel(error.description)
        }
        return try JSONValue(parsing: String(decoding: answer.body, as: UTF8.self))
    }
}
