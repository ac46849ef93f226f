// SPDX-License-Identifier: Apache-2.0
package import Logging
package import OpenStack
package import Telemetry

/// The plug-ins of the central namespace that are written in code: discoveries, and the pollsters that more than one
/// request and a table make up.
package struct CentralPlugins: Sendable {
    package static let namespace = "central"

    package let pollsters: [PollsterRegistration]
    package let discoveries: [DiscoveryRegistration]

    /// - Parameters:
    ///   - session: nil where no cloud is configured: then nothing is found, and nothing asked.
    ///   - isService: whether there is a log that somebody reads later.
    package init(_ settings: CentralSettings, session: CloudSession?, isService: Bool, log: Logger) {
        let cloud = CloudReader(session: session, isService: isService, log: log)
        let gateway = settings.gateway.map { RadosGateway($0, cloud: cloud) }
        pollsters = [
            Self.registration("swift", SwiftPollster.meters, "tenant") {
                SwiftPollster(cloud: cloud, resellerPrefix: settings.resellerPrefix)
            },
            Self.registration("radosgw", GatewayPollster.Subject.buckets.meters, "tenant") {
                GatewayPollster(cloud: cloud, gateway: gateway, subject: .buckets)
            },
            Self.registration("radosgw_usage", GatewayPollster.Subject.usage.meters, "tenant") {
                GatewayPollster(cloud: cloud, gateway: gateway, subject: .usage)
            },
            Self.registration("volume_pools", PoolPollster.meters, "volume_pools") { PoolPollster() },
            Self.registration("dns_recordsets", [RecordsetPollster.meter], "dns_zones") {
                RecordsetPollster(cloud: cloud)
            },
            Self.registration("alarm_results", [AlarmPollster.meter], "alarm") { AlarmPollster() },
        ]
        let lists: [(String, any Discovery)] = ServiceList.all.map {
            ($0.discovery, ListDiscovery(cloud: cloud, list: $0))
        }
        let others: [(String, any Discovery)] = [
            ("tenant", ProjectDiscovery(cloud: cloud, ignoresDisabled: settings.ignoresDisabledProjects)),
            ("endpoint", EndpointDiscovery(cloud: cloud)),
        ]
        discoveries = (others + lists).map {
            DiscoveryRegistration(name: $0.0, namespaces: [Self.namespace], discovery: $0.1)
        }
    }

    private static func registration(
        _ name: String, _ meters: [Meter], _ discovery: String, _ make: @escaping @Sendable () -> any Pollster
    ) -> PollsterRegistration {
        PollsterRegistration(
            name: name, namespaces: [namespace], meters: meters, defaultDiscovery: discovery, make: make)
    }
}
