// SPDX-License-Identifier: Apache-2.0

/// A virtual machine, as its cloud knows it.
public struct Instance: ModelElement {
    public var uuid: String
    /// Left where it is by every strategy that heeds an audit's scope.
    public var isExcluded = false
    public var name: String?
    public var state: InstanceState = .active
    /// MiB of its flavor.
    public var memory: Int?
    /// GiB that it takes on its host's disk.
    public var disk: Int?
    public var vcpus: Int?
    public var metadata: JSONObject?
    public var projectID: Nullable = .unset
    public var isLocked = false
    /// The host of the compute service that runs it.
    public var host: String?
    public var hypervisorHostname: String?
    public var created: CreationTime?
    /// The availability zone that it was asked to stay in; empty for none.
    public var pinnedZone = ""
    public var flavorExtraSpecs: JSONObject? = [:]

    public init(uuid: String) { self.uuid = uuid }

    public var key: String { uuid }
    public init(key: String) { self.init(uuid: key) }

    /// What it takes of its host; nothing where the source has not told.
    public var demand: Resources { Resources(vcpus: vcpus ?? 0, memory: memory ?? 0, disk: disk ?? 0) }

    public static let fields: [ElementField<Instance>] = [
        .flag("watcher_exclude", \.isExcluded),
        .text("name", \.name),
        .word("state", \.state),
        .integer("memory", \.memory),
        .integer("disk", \.disk),
        .integer("vcpus", \.vcpus),
        .json("metadata", \.metadata),
        .nullable("project_id", \.projectID),
        .flag("locked", \.isLocked),
        .text("host", \.host),
        .text("hypervisor_hostname", \.hypervisorHostname),
        .time("created", \.created),
        .text("pinned_az", \.pinnedZone),
        .json("flavor_extra_specs", \.flavorExtraSpecs),
        .text("uuid", \.uuid),
    ]
}
