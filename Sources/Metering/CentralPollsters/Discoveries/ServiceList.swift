// SPDX-License-Identifier: Apache-2.0

/// A list that a service has of what can be metered.
struct ServiceList: Sendable {
    /// Under which name it is discovered.
    var discovery: String
    /// The service's type.
    var service: String
    var path: String
    /// What the list is called in the answer.
    var key: String
    /// The fields whose texts, with `@` between them, are the resource's id.
    var id = ["id"]
    /// The first that is there.
    var project = ["project_id", "tenant_id"]
    var user = "user_id"
    var query: [String: String] = [:]
    var headers: [String: String] = [:]

    /// Their limits are those that the services set themselves where one asks for more.
    static let all: [ServiceList] = [
        .init(
            discovery: "images", service: "image", path: "v2/images", key: "images", project: ["owner"],
            query: ["limit": "1000"]),
        .init(
            discovery: "volumes", service: "block-storage", path: "volumes/detail", key: "volumes",
            project: ["os-vol-tenant-attr:tenant_id"], query: ["all_tenants": "True"]),
        .init(
            discovery: "volume_snapshots", service: "block-storage", path: "snapshots/detail", key: "snapshots",
            project: ["os-extended-snapshot-attributes:project_id"], query: ["all_tenants": "True"]),
        .init(
            discovery: "volume_backups", service: "block-storage", path: "backups/detail", key: "backups",
            project: ["os-backup-project-attr:project_id"], query: ["all_tenants": "True"]),
        .init(
            discovery: "volume_pools", service: "block-storage", path: "scheduler-stats/get_pools", key: "pools",
            id: ["name"], query: ["detail": "True"]),
        .init(
            discovery: "volume_services", service: "block-storage", path: "os-services", key: "services",
            id: ["binary", "host"]),
        .init(discovery: "fip_services", service: "network", path: "v2.0/floatingips", key: "floatingips"),
        .init(discovery: "vpn_services", service: "network", path: "v2.0/vpn/vpnservices", key: "vpnservices"),
        .init(
            discovery: "ipsec_connections", service: "network", path: "v2.0/vpn/ipsec-site-connections",
            key: "ipsec_site_connections"),
        .init(
            discovery: "fw_services", service: "network", path: "v2.0/fwaas/firewall_groups", key: "firewall_groups"),
        .init(
            discovery: "fw_policy", service: "network", path: "v2.0/fwaas/firewall_policies",
            key: "firewall_policies"),
        .init(
            discovery: "lb_services", service: "load-balancer", path: "v2.0/lbaas/loadbalancers",
            key: "loadbalancers"),
        .init(
            discovery: "dns_zones", service: "dns", path: "v2/zones", key: "zones", query: ["limit": "1000"],
            headers: ["X-Auth-All-Projects": "True"]),
        .init(
            discovery: "manila_shares", service: "shared-file-system", path: "shares/detail", key: "shares",
            query: ["all_tenants": "True"]),
        .init(
            discovery: "alarm", service: "alarm", path: "v2/metrics", key: "evaluation_results", id: ["alarm_id"],
            query: ["all_projects": "true"]),
    ]
}
