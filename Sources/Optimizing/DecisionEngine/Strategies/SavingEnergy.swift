// SPDX-License-Identifier: Apache-2.0
public import ClusterModel
public import Optimization

/// Machines whose power can be switched, beside the hypervisors that they are: the model `metal`.
public struct MetalInventory: Model {
    public struct Machine: Sendable, Hashable {
        /// Where its power is switched: in Ironic or MaaS.
        public var id: String
        /// The host of its compute service.
        public var hostname: String
        /// `on`, `off`, or what else is said of it.
        public var powerState: String
        public var runningInstances: Int
        /// The hypervisor's state: `up` or `down`.
        public var hypervisorState: String
        /// The hypervisor counts as up although the machine is off.
        public var isUpWhenOff: Bool

        public init(
            id: String, hostname: String, powerState: String, runningInstances: Int, hypervisorState: String,
            isUpWhenOff: Bool
        ) {
            self.id = id
            self.hostname = hostname
            self.powerState = powerState
            self.runningInstances = runningInstances
            self.hypervisorState = hypervisorState
            self.isUpWhenOff = isUpWhenOff
        }
    }

    public var machines: [Machine]

    public init(machines: [Machine]) { self.machines = machines }

    public var text: String { machines.map { "\($0.hostname) \($0.powerState)" }.joined(separator: "\n") }
}

/// Keeps a reserve of empty machines running, and switches off the others.
///
/// - Complexity: O(machines).
public struct SavingEnergy: Strategy {
    public init() {}

    public let declaration = StrategyDeclaration(
        name: "saving_energy", displayName: "Saving Energy Strategy", goal: "saving_energy",
        parameters: [
            Parameter(
                "free_used_percent", .number(), default: 10.0,
                help: "Empty machines to keep on, in percent of those that run instances."),
            Parameter("min_free_hosts_num", .number(), default: 1, help: "At least so many."),
        ],
        models: ["compute", "metal"])

    public func execute(_ context: StrategyContext) throws -> Solution {
        let inventory: MetalInventory = try context.model("metal")
        return try context.solve { model, solution in
            var busy = 0
            var on: [MetalInventory.Machine] = []
            var off: [MetalInventory.Machine] = []
            for machine in inventory.machines {
                guard let node = model.findNode(hostname: machine.hostname).map({ model[$0] }) else { continue }
                if machine.isUpWhenOff && machine.hypervisorState != "up" {
                    solution.explain(node.subject, .rejected, "its hypervisor is \(machine.hypervisorState)")
                } else if machine.runningInstances > 0 {
                    busy += 1
                    solution.explain(node.subject, .rejected, "it runs \(machine.runningInstances) instances")
                } else if machine.powerState == "on" {
                    on.append(machine)
                } else if machine.powerState == "off" {
                    off.append(machine)
                } else {
                    solution.explain(node.subject, .rejected, "its power is neither on nor off")
                }
            }
            let share = Double(busy) * context.parameters.number("free_used_percent") / 100
            let reserve = max(share, context.parameters.number("min_free_hosts_num"))
            let wanted = Int(min(max(reserve, 0), Double(inventory.machines.count)))
            var random = SeededGenerator(seed: context.seed)
            let isTooMany = on.count > wanted
            let switched =
                isTooMany
                ? on.sample(on.count - wanted, using: &random) : off.sample(wanted - on.count, using: &random)
            for machine in switched {
                solution.add(
                    ChangePowerState(machine: machine.id, hostname: machine.hostname, to: isTooMany ? .off : .on))
                solution.explain(
                    .init(.node, id: machine.id, name: machine.hostname), .chosen,
                    "\(on.count) empty machines are on, \(wanted) are wanted")
            }
        }
    }
}
