// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Narrows the models of this room by what was saved of the clouds' answers, with nobody to ask.
public struct GivenGroups: ScopeHandling {
    private let hosts: HostGroups?
    private let storageServices: [JSONValue]?

    /// Without groups: scopes that name any are refused.
    public init() {
        hosts = nil
        storageServices = nil
    }

    /// What a collector has asked for.
    init(hosts: HostGroups? = nil, storageServices: [JSONValue]? = nil) {
        self.hosts = hosts
        self.storageServices = storageServices
    }

    /// - Parameter json: an object with what it has of `aggregates` (Nova's `os-aggregates`), `services` (its
    ///   `os-services`) and `storage_services` (Cinder's).
    public init(json: JSONValue) throws(ModelFormatError) {
        guard let object = json.object, !object.isEmpty,
            object.keys.allSatisfy({ ["aggregates", "services", "storage_services"].contains($0) }),
            object.entries.allSatisfy({ $0.value.array != nil })
        else {
            throw ModelFormatError(
                "groups are an object with lists of \"aggregates\", \"services\" and \"storage_services\"")
        }
        let services = json["services"]?.array?.filter { $0["binary"]?.string ?? "nova-compute" == "nova-compute" }
        hosts =
            json["aggregates"] == nil && services == nil
            ? nil : HostGroups(aggregates: json["aggregates"]?.array ?? [], services: services ?? [])
        storageServices = json["storage_services"]?.array
    }

    public func narrow(
        _ model: any Model, to scope: JSONValue, heedsMetadata: Bool
    ) throws -> (model: any Model, warnings: [String]) {
        let scope = try AuditScope(scope)
        switch model {
        case let model as ModelRoot:
            if hosts == nil, try scope.namesHostGroups {
                throw AuditScope.Mistake.malformed(
                    "the scope names host_aggregates or availability_zones, and nothing is known of them")
            }
            var warnings: [String] = []
            let narrowed = try scope.apply(
                to: model, groups: hosts ?? HostGroups(), heedsMetadata: heedsMetadata, warnings: &warnings)
            return (narrowed, warnings)
        case let model as StorageModelRoot:
            if storageServices == nil, try scope.namesStorageZones {
                throw AuditScope.Mistake.malformed(
                    "the scope names availability_zones of storage, and nothing is known of them")
            }
            return (try scope.apply(to: model, services: storageServices ?? []), [])
        case let model as BaremetalModelRoot: return (try scope.apply(to: model), [])
        default: return (model, [])
        }
    }
}
