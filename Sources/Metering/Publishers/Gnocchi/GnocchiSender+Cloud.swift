// SPDX-License-Identifier: Apache-2.0
internal import OpenStack
internal import Pipelines
internal import Settings
internal import Telemetry
internal import WebClient

extension GnocchiSender {
    private static let service = "metric"

    /// `gnocchi://`, with the options of Ceilometer's publisher.
    static func cloudRegistration(_ settings: PublisherSettings) -> PublisherRegistration {
        var registration = PublisherRegistration(
            scheme: "gnocchi",
            options: [
                "archive_policy", "batch_size", "enable_filter_project", "filter_domain", "filter_project",
                "max_retries",
                "resources_definition_file", "timeout",
            ]
        ) { url throws(Mistake) -> any Sender in try cloudSender(url, settings) }
        registration.variant = settings.cloud.hashValue
        return registration
    }

    private static func cloudSender(
        _ url: PublisherURL, _ settings: PublisherSettings
    ) throws(Mistake) -> GnocchiSender {
        guard url.location.isEmpty || url.location == "/" else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: url.location.withoutPassword.quoted,
                allowed:
                    "gnocchi:// alone, which the cloud's catalog has the place of; or gnocchi+http://user@host:8041")
        }
        guard let cloud = settings.cloud else {
            throw Mistake(
                url.place, "publisher \(url.shown)", found: "no cloud to ask",
                allowed: "[service_credentials] with auth_url, user and password; or gnocchi+http://user@host:8041")
        }
        if let (_, path) = cloud.trust.unusableFile() {
            throw Mistake(
                url.place, "publisher \(url.shown)",
                found: "\(path.quoted), which holds nothing of the kind or can't be read",
                allowed: "PEM files as cafile, certfile and keyfile of [service_credentials]")
        }
        let isFiltering: Bool
        switch url.options["enable_filter_project"] {
        case nil, "True"?, "true"?, "1"?: isFiltering = true
        case "False"?, "false"?, "0"?: isFiltering = false
        case let text?:
            throw Mistake(
                url.place, "publisher \(url.shown), option enable_filter_project", found: text.quoted,
                allowed: "true or false")
        }
        let session = CloudSession(cloud)
        let exclusion = ProjectExclusion(
            name: url.options["filter_project"] ?? "service", domain: url.options["filter_domain"] ?? "Default",
            session: session, log: settings.log)
        let exchange = try HTTPExchange(url, credentials: KeystoneCredentials(session), trust: cloud.trust) {
            guard let endpoint = try await session.endpoint(of: service) else {
                throw Postponement(
                    "the cloud's catalog has no service of type \(service); see region_name and interface of "
                        + "[service_credentials], or give gnocchi+http://user@host:8041", pause: .zero)
            }
            return endpoint
        }
        return try GnocchiSender(url, exchange, exclusion: isFiltering ? exclusion : nil, log: settings.log)
    }
}
