// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors

/// Models of recorded API answers.
enum CollectorCase {
    static func run(_ recorded: RecordedCase) throws {
        try recorded.checkingErrors {
            let xml =
                switch try recorded.text("service") {
                case "nova": try nova(recorded)
                case "cinder": try cinder(recorded.json["cinder"] ?? .null)
                default: try IronicModelBuilder.build(nodes: recorded.json["ironic"]?["nodes"]?.array ?? []).xml
                }
            try recorded.checkNoErrorWasToCome()
            try Failure.unless(xml, is: recorded.expected["model_xml"]?.string, "the model")
        }
    }

    private static func nova(_ recorded: RecordedCase) throws -> String {
        let nova = recorded.json["nova"] ?? .null
        var builder = NovaModelBuilder(isExtended: recorded.json["extended_attributes_enabled"]?.bool ?? false)
        for hypervisor in nova["hypervisors"]?.array ?? [] {
            let uuid = hypervisor["uuid"]?.string ?? ""
            let inventories = nova["placement_inventories"]?[uuid]
            builder.add(hypervisor: APIForm.hypervisor(hypervisor), inventories: inventories)
        }
        for server in nova["servers"]?.array ?? [] {
            builder.add(server: APIForm.server(server, hasZone: nova["pinned_az_available"]?.bool ?? false))
        }
        guard builder.skipped.isEmpty else { throw Failure("skipped: \(builder.skipped)") }
        return builder.model.xml
    }

    private static func cinder(_ cinder: JSONValue) throws -> String {
        let services = (cinder["services"]?.array ?? []).map(APIForm.service)
        return try CinderModelBuilder.build(
            services: services, pools: cinder["pools"]?.array ?? [], types: APIForm.types(of: cinder, services),
            volumes: (cinder["volumes"]?.array ?? []).map(APIForm.volume)
        ).xml
    }
}

/// The recorded answers are in the shape of client libraries' objects; this gives them the API's own.
enum APIForm {
    static func hypervisor(_ record: JSONValue) -> JSONValue {
        var json = record.object ?? [:]
        json["id"] = json["uuid"]
        json["service"] = [
            "host": json["service_host"] ?? .null, "id": json["service_id"] ?? .null,
            "disabled_reason": json["service_disabled_reason"] ?? .null,
        ]
        return .object(json)
    }

    static func server(_ record: JSONValue, hasZone: Bool) -> JSONValue {
        var json = record.object ?? [:]
        json["id"] = json["uuid"]
        json["OS-EXT-STS:vm_state"] = json["vm_state"]
        json["OS-EXT-SRV-ATTR:host"] = json["host"]
        json["OS-EXT-SRV-ATTR:hypervisor_hostname"] = json["hypervisor_hostname"]
        json["image"] = json["image"]?.string.map { ["id": .string($0)] } ?? ""
        if !hasZone { json["pinned_availability_zone"] = nil }
        return .object(json)
    }

    static func service(_ record: JSONValue) -> JSONValue {
        var json = record.object ?? [:]
        json["binary"] = "cinder-volume"
        json["zone"] = json["availability_zone"]
        return .object(json)
    }

    static func volume(_ record: JSONValue) -> JSONValue {
        var json = record.object ?? [:]
        json["os-vol-host-attr:host"] = json["host"]
        json["os-vol-tenant-attr:tenant_id"] = json["project_id"]
        return .object(json)
    }

    /// The names recorded for whatever back end was asked for, as types of each back end.
    static func types(of cinder: JSONValue, _ services: [JSONValue]) -> [JSONValue] {
        let names = cinder["volume_type_of_backend"]?.array ?? []
        let backends = Set(services.compactMap { $0["host"]?.string?.split(separator: "@").dropFirst().first })
        return backends.flatMap { backend in
            names.map { ["name": $0, "extra_specs": ["volume_backend_name": .string(String(backend))]] }
        }
    }
}
