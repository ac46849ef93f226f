// SPDX-License-Identifier: Apache-2.0
internal import JSONText

/// Which services a cloud has, and where.
package struct ServiceCatalog: Sendable, Hashable {
    struct Endpoint: Sendable, Hashable {
        var type: String
        /// The service's.
        var name: String?
        var interface: String
        var region: String?
        var url: String
    }

    let endpoints: [Endpoint]

    /// Reads the `catalog` of a token.
    init(_ catalog: WireValue?) throws(WireError) {
        guard let catalog else {
            endpoints = []
            return
        }
        let services = WireValue.object([.init("catalog", catalog)])
        endpoints = try services.list("catalog") { service throws(WireError) in try Self.endpoints(of: service) }
            .flatMap { $0 }
    }

    private static func endpoints(of service: WireValue) throws(WireError) -> [Endpoint] {
        let type = try service.text("type")
        let name = try service.optionalText("name")
        return try service.list("endpoints") { endpoint throws(WireError) in
            var region = try endpoint.optionalText("region")
            if region == nil { region = try endpoint.optionalText("region_id") }
            return Endpoint(
                type: type, name: name, interface: try endpoint.text("interface"),
                region: region, url: try endpoint.text("url"))
        }
    }

    init(endpoints: [Endpoint]) { self.endpoints = endpoints }

    /// The types of all services.
    package var types: Set<String> { Set(endpoints.map(\.type)) }

    /// The address of a service, without a slash at its end.
    func endpoint(
        of type: String, interfaces: [String], region: String?
    ) throws(CloudError) -> String {
        for name in ServiceTypes.names(of: type) {
            let all = endpoints.filter { $0.type == name }
            let here = all.filter { region == nil || $0.region == region }
            for interface in interfaces {
                guard let found = here.first(where: { $0.interface == interface }) else { continue }
                return found.url.hasSuffix("/") ? String(found.url.dropLast()) : found.url
            }
            guard let some = all.first else { continue }
            let places = Set(all.map { "\($0.interface) in \($0.region ?? "no region")" }).sorted()
            throw CloudError(
                .noSuchEndpoint,
                "the catalog has \(some.type) as \(places.joined(separator: ", ")), not as "
                    + "\(interfaces.joined(separator: " or ")) in \(region ?? "any region"); check interface and "
                    + "region_name")
        }
        let known = types.sorted().joined(separator: ", ")
        throw CloudError(
            known.isEmpty ? .noSuchEndpoint : .noSuchService,
            "the cloud's catalog has no service \(type)"
                + (known.isEmpty
                    ? ", nor any other: the login has no project; check project_name" : "; it has \(known)"))
    }

    /// The address of a service of that name, without a slash at its end; nil where there is none.
    ///
    /// - Parameter type: it has to have, or another type of the same service; nil for any.
    func endpoint(named name: String, of type: String?, interfaces: [String], region: String?) -> String? {
        let types = type.map { ServiceTypes.names(of: $0) }
        let here = endpoints.filter { endpoint in
            endpoint.name == name && types?.contains(endpoint.type) != false
                && (region == nil || endpoint.region == region)
        }
        let found = interfaces.lazy.compactMap { interface in here.first { $0.interface == interface } }.first
        return found.map { $0.url.hasSuffix("/") ? String($0.url.dropLast()) : $0.url }
    }

    /// Whether a token may be sent there.
    func trusts(_ origin: String) -> Bool { endpoints.contains { $0.url.origin == origin } }
}

extension String {
    /// `https://host:port` of a URL.
    var origin: String? {
        guard let mark = firstRange(of: "://") else { return nil }
        return self[..<(self[mark.upperBound...].firstIndex { "/?#".contains($0) } ?? endIndex)].lowercased()
    }

    /// A path behind an address, by the rules of ``ServiceRequest/path``.
    func appending(path: String) -> String {
        if path.isEmpty { return self }
        if path.hasPrefix("/") { return (origin ?? self) + path }
        let first = path.prefix { $0 != "/" }
        // Some catalogs have the version in the address and some have not.
        if first.first == "v", first.dropFirst().first?.isNumber == true, hasSuffix("/\(first)") {
            return self + path.dropFirst(first.count)
        }
        return "\(self)/\(path)"
    }
}
