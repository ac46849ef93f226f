// SPDX-License-Identifier: Apache-2.0
import HypsometerKit

/// What an instance was made as, each time nova tells of it: that it is there, its virtual CPUs and its memory.
struct InstanceSize: Loadable, NotificationPlugin {
    static let instance = Meter("instance", .gauge, unit: "instance")
    static let vcpus = Meter("vcpus", .gauge, unit: "vcpu")
    static let memory = Meter("memory", .gauge, unit: "MiB")

    let eventTypes = ["compute.instance.create.end", "compute.instance.exists", "compute.instance.delete.start"]

    init(context: PluginContext) {}

    func process(_ notification: NotificationMessage) async throws -> [Sample] {
        let payload = notification.payload
        guard let id = payload["instance_id"]?.text else { return [] }
        let instance = Resource(
            id: id, projectID: payload["tenant_id"]?.text, userID: payload["user_id"]?.text,
            metadata: ["event_type": .string(notification.eventType), "host": .string(notification.publisherID)])
        let figures: [(Meter, Int64?)] = [
            (Self.instance, 1), (Self.vcpus, payload["vcpus"]?.number), (Self.memory, payload["memory_mb"]?.number),
        ]
        return figures.compactMap { meter, figure in
            figure.map { Sample(meter, .integer($0), of: instance, at: notification.timestamp) }
        }
    }
}

extension Metadata.Value {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
    fileprivate var number: Int64? { if case .integer(let number) = self { number } else { nil } }
}

@main struct InstanceSizePlugin: PluginMain {
    static let entryPoints: [EntryPoint] = [.notifications("instance-size", InstanceSize.self)]
}
