// SPDX-License-Identifier: Apache-2.0

/// The names that catalogs have for one kind of service, and how its microversion is asked for.
///
/// - Source: the OpenStack service types authority.
enum ServiceTypes {
    /// Each the same service; the likelier first.
    private static let families: [[String]] = [
        ["block-storage", "volumev3", "block-store", "volumev2", "volume"],
        ["compute", "compute_legacy"],
        ["shared-file-system", "sharev2", "shared-file-systems", "share"],
        ["baremetal", "bare-metal"],
        ["object-store", "object-storage"],
        ["alarm", "alarming"],
        ["load-balancer", "load-balancing"],
        ["metric", "metrics", "time-series-database"],
        ["key-manager", "key-management"],
        ["container-infrastructure-management", "container-infra", "container-infrastructure"],
        ["message", "messaging"],
        ["workflow", "workflowv2"],
        ["backup", "backups"],
        ["reservation", "reservations"],
        ["instance-ha", "ha"],
    ]

    /// Under which a service may stand, itself first.
    static func names(of type: String) -> [String] {
        let family = families.first { $0.contains(type) } ?? []
        return [type] + family.filter { $0 != type }
    }

    /// The header fields that ask for a microversion.
    static func versionHeaders(of type: String, _ version: String) -> [String: String] {
        switch families.first(where: { $0.contains(type) })?.first {
        case "block-storage"?: ["OpenStack-API-Version": "volume \(version)"]
        case "compute"?:
            ["OpenStack-API-Version": "compute \(version)", "X-OpenStack-Nova-API-Version": version]
        case "baremetal"?:
            ["OpenStack-API-Version": "baremetal \(version)", "X-OpenStack-Ironic-API-Version": version]
        case "shared-file-system"?:
            [
                "OpenStack-API-Version": "shared-file-system \(version)", "X-OpenStack-Manila-API-Version": version,
            ]
        default: ["OpenStack-API-Version": "\(type) \(version)"]
        }
    }
}
