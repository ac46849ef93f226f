// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Telemetry

/// The call of a pollster.
package struct PollMessage: Sendable {
    package var namespace: String
    package var name: String
    /// Which list of resources it is: what a pollster remembers between polls belongs to one of them.
    package var instance: Int
    package var meters: Set<String>
    package var cycle: PollingCycle
    package var resources: [Resource]

    package init(
        namespace: String, name: String, instance: Int, meters: Set<String>, cycle: PollingCycle, resources: [Resource]
    ) {
        self.namespace = namespace
        self.name = name
        self.instance = instance
        self.meters = meters
        self.cycle = cycle
        self.resources = resources
    }

    package init(_ value: WireValue) throws(WireError) {
        namespace = try value.text("namespace")
        name = try value.text("name")
        instance = try value.integer("instance")
        meters = Set(try value.texts("meters"))
        cycle = try CycleMessage.cycle(value)
        resources = try value.list("resources") { item throws(WireError) in try Resource(message: item) }
    }

    package var parameters: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append("{\"namespace\":")
        bytes.appendJSON(namespace)
        bytes.append(",\"name\":")
        bytes.appendJSON(name)
        bytes.append(",\"instance\":")
        bytes.append(contentsOf: instance.description.utf8)
        bytes.append(",\"meters\":")
        bytes.appendJSON(.texts(meters.sorted()))
        bytes.append(",\"cycle\":")
        bytes.appendJSON(CycleMessage.value(cycle))
        bytes.append(",\"resources\":")
        bytes.appendJSON(list: resources) { $1.appendMessage(to: &$0) }
        bytes.append("}")
        return bytes
    }
}
