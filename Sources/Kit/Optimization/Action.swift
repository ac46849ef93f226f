// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// One change that a strategy proposes.
public protocol Action: Sendable {
    /// `migrate`, `resize` and so on: by this planners and appliers know it.
    static var type: String { get }
    /// What it acts upon; nil for what acts on nothing.
    var resourceID: String? { get }
    /// What else it says, in the names of its schema.
    var parameters: JSONObject { get }
}

/// Moves an instance to another node.
public struct Migrate: Action {
    public enum Kind: String, Sendable, Hashable { case live, cold }

    public static let type = "migrate"
    public var instance: String
    public var name: String?
    public var kind: Kind
    /// Host names. Without a destination the scheduler chooses one.
    public var source: String
    public var destination: String?

    public init(
        instance: String, name: String? = nil, kind: Kind = .live, from source: String, to destination: String? = nil
    ) {
        self.instance = instance
        self.name = name
        self.kind = kind
        self.source = source
        self.destination = destination
    }

    public var resourceID: String? { instance }
    public var parameters: JSONObject {
        JSONObject(
            stated: ("migration_type", kind.rawValue), ("source_node", source), ("destination_node", destination),
            ("resource_name", name))
    }
}

/// Gives an instance another flavor.
public struct Resize: Action {
    public static let type = "resize"
    public var instance: String
    public var flavor: String

    public init(instance: String, flavor: String) {
        self.instance = instance
        self.flavor = flavor
    }

    public var resourceID: String? { instance }
    public var parameters: JSONObject { ["flavor": .string(flavor)] }
}

/// Stops an instance.
public struct Stop: Action {
    public static let type = "stop"
    public var instance: String

    public init(instance: String) { self.instance = instance }

    public var resourceID: String? { instance }
    public var parameters: JSONObject { [:] }
}

/// Lets a compute service work, or no longer.
public struct ChangeServiceState: Action {
    public static let type = "change_nova_service_state"
    /// The node's UUID.
    public var node: String
    public var hostname: String?
    public var state: ServiceState
    public var disabledReason: String?

    public init(node: String, hostname: String?, to state: ServiceState, reason disabledReason: String? = nil) {
        self.node = node
        self.hostname = hostname
        self.state = state
        self.disabledReason = disabledReason
    }

    public var resourceID: String? { node }
    public var parameters: JSONObject {
        JSONObject(
            stated: ("state", state.rawValue), ("disabled_reason", disabledReason), ("resource_name", hostname))
    }
}

/// Switches a machine on or off.
public struct ChangePowerState: Action {
    public enum State: String, Sendable, Hashable { case on, off }

    public static let type = "change_node_power_state"
    /// The machine's ID where its power is switched.
    public var machine: String
    public var hostname: String
    public var state: State

    public init(machine: String, hostname: String, to state: State) {
        self.machine = machine
        self.hostname = hostname
        self.state = state
    }

    public var resourceID: String? { machine }
    public var parameters: JSONObject {
        ["state": .string(state.rawValue), "resource_name": .string(hostname)]
    }
}

/// Moves a volume to another pool, or gives it another type.
public struct VolumeMigrate: Action {
    public enum Kind: String, Sendable, Hashable { case swap, retype, migrate }

    public static let type = "volume_migrate"
    public var volume: String
    public var name: String?
    public var kind: Kind
    public var destinationPool: String?
    public var destinationType: String?

    public init(
        volume: String, name: String?, kind: Kind, toPool destinationPool: String? = nil,
        toType destinationType: String? = nil
    ) {
        self.volume = volume
        self.name = name
        self.kind = kind
        self.destinationPool = destinationPool
        self.destinationType = destinationType
    }

    public var resourceID: String? { volume }
    public var parameters: JSONObject {
        JSONObject(
            stated: ("migration_type", kind.rawValue), ("destination_node", destinationPool),
            ("destination_type", destinationType), ("resource_name", name))
    }
}

/// Waits.
public struct Sleep: Action {
    public static let type = "sleep"
    /// Seconds.
    public var duration: Double

    public init(duration: Double) { self.duration = duration }

    public var resourceID: String? { nil }
    public var parameters: JSONObject { ["duration": .real(duration)] }
}

/// Does nothing but leave a message.
public struct Nop: Action {
    public static let type = "nop"
    public var message: String?

    public init(message: String?) { self.message = message }

    public var resourceID: String? { nil }
    public var parameters: JSONObject { ["message": message.map(JSONValue.string) ?? .null] }
}

extension JSONObject {
    /// The pairs that have a value.
    fileprivate init(stated pairs: (String, String?)...) {
        self.init(pairs.compactMap { name, value in value.map { (name, .string($0)) } })
    }
}
