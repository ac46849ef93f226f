// SPDX-License-Identifier: Apache-2.0
internal import JSONText
internal import OpenStack
internal import Telemetry

/// Ceph's object gateway, by its API for administrators: requests are signed as S3's are, in version 4.
struct RadosGateway: Sendable {
    /// Of the signature; a gateway takes any, and this is the one that Ceilometer gives.
    private static let region = "us-east-1"

    let cloud: CloudReader
    private let settings: GatewaySettings
    private let web: WebSource

    init(_ settings: GatewaySettings, cloud: CloudReader) {
        self.settings = settings
        self.cloud = cloud
        web = WebSource(trust: settings.trust)
    }

    /// nil where the catalog has no gateway, which is said once.
    func address(by deadline: MonotonicTime) async throws -> String? {
        let endpoint =
            if let name = settings.serviceName {
                try await cloud.endpoint(named: name, of: settings.serviceType, by: deadline)
            } else {
                try await cloud.endpoint(of: settings.serviceType ?? "", by: deadline)
            }
        guard let endpoint, let mark = endpoint.firstRange(of: "://") else { return nil }
        // Of an address such as https://gateway:8080/swift/v1 only the host counts.
        return endpoint[..<mark.upperBound] + endpoint[mark.upperBound...].prefix { $0 != "/" } + "/admin"
    }

    /// What the gateway says of a project's user.
    ///
    /// - Returns: nil where it has no such user: nothing was ever stored.
    /// - Throws: ``AnswerError``, with the gateway's status where it answered.
    func answer(
        _ path: String, of project: String, options: String = "", at address: String, by deadline: MonotonicTime
    ) async throws -> WireValue? {
        let user = settings.usesImplicitTenants ? "\(project)$\(project)" : project
        var question = Question(
            target: "\(address)/\(path)?uid=\(user.percentEncoded)\(options)", deadline: deadline)
        question.headers = [("Accept", "application/json")]
        question.isOptional = true
        question.credential = WebCredential(
            scheme: .signatureV4,
            parameters: [settings.accessKey.value, settings.secretKey.value, Self.region, "s3"])
        let bytes = try await web.answer(to: question)
        guard !bytes.isEmpty else { return nil }
        return try WireValue(json: bytes, within: WireLimits(bytes: ResponseHandler.mostBytes, depth: 64))
    }

    /// Whether it would be the same with all other projects: nobody is there, or the keys are no good.
    static func isInVain(_ error: any Error) -> Bool {
        if let error = error as? AnswerError { return error.status.map { [401, 403].contains($0) } ?? true }
        return error is CancellationError
    }
}
