// SPDX-License-Identifier: Apache-2.0

/// What is sent, and where.
extension CloudSession {
    func fixedEndpoint(of service: String) -> String? {
        ServiceTypes.names(of: service).lazy.compactMap { [credentials] in credentials.endpoints[$0] }.first.map {
            $0.hasSuffix("/") ? String($0.dropLast()) : $0
        }
    }

    func url(of request: ServiceRequest, _ login: CloudLogin) throws -> String {
        let query = request.query.map { "\($0.name.percentEncoded)=\($0.value.percentEncoded)" }.joined(separator: "&")
        var url: String
        if let origin = request.path.origin {
            let known = credentials.endpoints.values.contains { $0.origin == origin } || login.catalog.trusts(origin)
            guard known else {
                throw CloudError(
                    .noSuchEndpoint,
                    "could not \(request.shown): it is on no host of the cloud's catalog, so our token is not sent there"
                )
            }
            url = request.path
        } else {
            let base =
                try fixedEndpoint(of: request.service)
                ?? login.catalog.endpoint(
                    of: request.service, interfaces: request.interface.map { [$0] } ?? credentials.interfaces,
                    region: credentials.region)
            url = base.appending(path: request.path)
        }
        if !query.isEmpty { url += (url.contains("?") ? "&" : "?") + query }
        return url
    }

    func message(_ request: ServiceRequest, _ url: String, _ token: CloudSecret) -> Transport.Message {
        var headers = Self.commonHeaders
        headers["X-Auth-Token"] = token.value
        if let version = request.microversion {
            headers.merge(ServiceTypes.versionHeaders(of: request.service, version)) { $1 }
        }
        if request.body != nil { headers["Content-Type"] = "application/json" }
        headers.merge(request.headers) { $1 }
        return Transport.Message(
            method: request.method.rawValue, url: url, headers: headers, body: request.body,
            needsNewConnection: !request.isRepeatable)
    }
}
