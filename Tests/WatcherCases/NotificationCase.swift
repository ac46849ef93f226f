// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors

/// What notifications make of a model.
enum NotificationCase {
    static func run(_ recorded: RecordedCase) async throws {
        let notifications = (recorded.json["notifications"]?.array ?? []).map(Notification.init(recorded:))
        do {
            let isNova = try recorded.text("service") == "nova"
            let found = isNova ? try await nova(recorded, notifications) : try await cinder(recorded, notifications)
            let rules = isNova ? [NovaNotifications.filterRule] : CinderNotifications.filterRules
            if recorded.errorClass == "python_crash" { return }
            try recorded.checkNoErrorWasToCome()
            try Failure.unless(found, is: recorded.expected["model_xml"]?.string, "the model")
            let matched = try notifications.map { notification in
                JSONValue.bool(try rules.contains { try $0.matches(notification) })
            }
            try Failure.unless(.array(matched), is: recorded.expected["filter_matched"], "what passes the filter")
        } catch let error where !(error is Failure) {
            try recorded.check(error)
        }
    }

    private static func nova(_ recorded: RecordedCase, _ notifications: [Notification]) async throws -> String {
        let nova = recorded.json["nova"] ?? .null
        let endpoint = NovaNotificationEndpoint(
            isExtended: recorded.json["extended_attributes_enabled"]?.bool ?? false
        ) { host in
            guard let hypervisor = nova["hypervisors"]?[host] else { return nil }
            let inventories = nova["placement_inventories"]?[hypervisor["uuid"]?.string ?? ""]
            return try? ComputeNode(hypervisor: APIForm.hypervisor(hypervisor), inventories: inventories)
        }
        var model: any Model = try ModelRoot(xml: try recorded.text("input_model_xml"))
        for notification in notifications where try endpoint.filterRule.matches(notification) {
            model = try await endpoint.info(notification, model: model)
        }
        return (model as? ModelRoot)?.xml ?? ""
    }

    private static func cinder(_ recorded: RecordedCase, _ notifications: [Notification]) async throws -> String {
        let cinder = recorded.json["cinder"] ?? .null
        let services = (cinder["nodes"]?.object?.entries ?? []).map { APIForm.service($0.value) }
        let ids = Set(notifications.compactMap { $0.payload["volume_type"]?.string }).subtracting(["bad"])
        let records = CinderRecords(
            services: services, pools: (cinder["pools"]?.object?.entries ?? []).map(\.value),
            types: APIForm.types(of: cinder, services)
                + ids.map { ["id": .string($0), "name": .string("name-of-\($0)")] })
        var model: any Model = try StorageModelRoot(xml: try recorded.text("input_model_xml"))
        for notification in notifications {
            for endpoint in CinderNotificationEndpoint.all(lookUp: { _ in records })
            where try endpoint.filterRule.matches(notification) {
                model = try await endpoint.info(notification, model: model)
            }
        }
        return (model as? StorageModelRoot)?.xml ?? ""
    }
}

/// Which notifications a rule lets pass.
enum FilterCase {
    static func run(_ recorded: RecordedCase) throws {
        let rule = recorded.json["rule"]
        let filter = NotificationFilter(
            publisherID: rule?["publisher_id"].map(NotificationFilter.Rule.init(recorded:)),
            eventType: rule?["event_type"].map(NotificationFilter.Rule.init(recorded:)),
            payload: rule?["payload"].map(NotificationFilter.Rule.init(recorded:)),
            metadata: rule?["metadata"].map(NotificationFilter.Rule.init(recorded:)),
            context: rule?["context"].map(NotificationFilter.Rule.init(recorded:)))
        let matched = try (recorded.json["messages"]?.array ?? []).map { message in
            JSONValue.bool(try filter.matches(Notification(recorded: message)))
        }
        try Failure.unless(.array(matched), is: recorded.expected["matched"], "what passes")
    }
}

extension Notification {
    fileprivate init(recorded json: JSONValue) {
        self.init(
            publisherID: json["publisher_id"]?.string, eventType: json["event_type"]?.string,
            payload: json["payload"] ?? .null, metadata: json["metadata"] ?? .null, context: json["context"] ?? .null)
    }
}

extension NotificationFilter.Rule {
    fileprivate init(recorded json: JSONValue) {
        if let object = json.object {
            self = .keys(
                Dictionary(uniqueKeysWithValues: object.entries.map { ($0.key, Self(recorded: $0.value)) }))
        } else {
            self = .pattern(json.string ?? json.json)
        }
    }
}
