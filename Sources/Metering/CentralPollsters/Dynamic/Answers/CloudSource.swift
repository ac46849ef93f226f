// SPDX-License-Identifier: Apache-2.0
package import OpenStack
package import Telemetry

/// The services of the cloud, by one login.
package struct CloudSource: AnswerSource {
    private let session: CloudSession

    package init(_ session: CloudSession) { self.session = session }

    package func answer(to question: Question) async throws -> [UInt8] {
        var path = question.target
        // Of a service at several addresses, or one that a source names; else the catalog's is as good, and better:
        // the door knows what belongs behind it.
        if let endpoint = question.endpoint, endpoint.hasPrefix("http"), !path.hasPrefix("http"),
            try await session.endpoint(of: question.serviceType, by: question.deadline) != endpoint
        {
            path = endpoint.joined(path)
        }
        var request = ServiceRequest(question.serviceType, .get, path, deadline: question.deadline)
        request.headers = Dictionary(question.headers.map { ($0.name, $0.value) }) { $1 }
        do {
            return try await session.answer(to: request).body
        } catch let error as CloudError where question.isOptional && error.kind == .status(404) {
            return []
        }
    }

    /// The payload of a secret that Barbican holds.
    package func secret(_ id: String, by deadline: MonotonicTime) async throws -> String {
        var request = ServiceRequest(
            "key-manager", .get, "v1/secrets/\(id.percentEncoded)/payload", deadline: deadline)
        request.headers = ["Accept": "text/plain"]
        return String(decoding: try await session.answer(to: request).body, as: UTF8.self)
    }
}

extension String {
    /// As links are: a path goes behind, one that begins with `/` stands for the address's own.
    fileprivate func joined(_ path: String) -> String {
        guard path.hasPrefix("/") else { return (hasSuffix("/") ? self : self + "/") + path }
        let host = firstRange(of: "://").map { self[$0.upperBound...].prefix { $0 != "/" } } ?? ""
        return String(self[..<host.endIndex]) + path
    }
}
