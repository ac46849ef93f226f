// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// Makes a model of what Cinder answered.
public enum CinderModelBuilder {
    /// - Parameters:
    ///   - services: `os-services`; those of other binaries than `cinder-volume` are left out.
    ///   - volumes: `volumes/detail` of all projects.
    /// - Throws: ``ModelFormatError`` where a pool's size is no number: nobody could tell what fits there.
    public static func build(
        services: [JSONValue], pools: [JSONValue], types: [JSONValue], volumes: [JSONValue]
    ) throws -> StorageModelRoot {
        let services = services.filter { $0["binary"]?.string == "cinder-volume" }
        let records = CinderRecords(services: services, pools: pools, types: types)
        var model = StorageModelRoot()
        for service in services {
            if let node = records.node(host: try service.text("host", of: "a service")) { model.add(node) }
        }
        for json in pools {
            guard let pool = try records.pool(named: try json.text("name", of: "a pool")) else { continue }
            model.add(pool)
            if model.contains(node: pool.nodeName) { try model.map(pool: pool.name, to: pool.nodeName) }
        }
        for json in volumes {
            let volume = try Volume(volume: json)
            model.add(volume)
            if let host = volume.host, model.contains(pool: host) { try model.map(volume: volume.uuid, to: host) }
        }
        return model
    }
}
