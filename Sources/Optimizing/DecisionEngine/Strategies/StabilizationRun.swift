// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Optimization

/// One run of ``WorkloadStabilization``.
struct StabilizationRun {
    private struct Candidate {
        var instance: ModelRoot.InstanceID
        /// Places in `nodes`.
        var source: Int
        var destination: Int
        /// The weighted deviation that it alone would lead to.
        var deviation: Double
    }

    private var model: ModelRoot
    private var solution: Solution
    private let goal: StabilizationGoal
    private let context: StrategyContext
    /// Those that may work and whose load is known, in the model's order.
    private let nodes: [ModelRoot.NodeID]
    private var table: LoadTable
    private var before = 0.0
    private var after = 0.0

    init(_ context: StrategyContext) throws {
        let model: ModelRoot = try context.model("compute")
        let goal = StabilizationGoal(context.parameters)
        var solution = Solution(isExplaining: context.isExplaining)
        var nodes: [ModelRoot.NodeID] = []
        var loads: [[Double]] = goal.metrics.map { _ in [] }
        for node in model.nodeIDs where model[node].isAvailable {
            let values = goal.metrics.map { metric in
                context.metrics.value(of: metric.host, for: model[node].uuid).map { value in
                    switch metric.host.metric {
                    case "host_ram_usage": value / 1024
                    case "host_cpu_usage": value / 100
                    default: value
                    }
                }
            }
            guard values.allSatisfy({ $0 != nil }) else {
                solution.explain(model[node].subject, .rejected, "no value of a metric of its load")
                continue
            }
            nodes.append(node)
            for (metric, value) in values.enumerated() { loads[metric].append(value ?? 0) }
        }
        let memory = nodes.map { Double(model[$0].memory ?? 0) }
        table = LoadTable(
            loads: loads, sizes: goal.metrics.map { $0.isCPU ? nil : memory }, weights: goal.metrics.map(\.weight))
        self.model = model
        self.goal = goal
        self.context = context
        self.nodes = nodes
        self.solution = solution
    }

    mutating func execute() throws {
        for (place, metric) in goal.metrics.enumerated() {
            let deviation = table.deviation(place)
            solution.explain(
                .init(.cluster, name: "cluster"), deviation > metric.threshold ? .chosen : .rejected,
                "standard deviation of \(metric.instance.metric) \(deviation), threshold \(metric.threshold)")
            guard deviation > metric.threshold else { continue }
            before = deviation
            return try migrate(candidates())
        }
    }

    /// What moving an instance changes, by metric; nil where it wasn't measured.
    private func change(_ instance: ModelRoot.InstanceID, from source: Int, to destination: Int) -> LoadTable.Change? {
        var change: LoadTable.Change = []
        for metric in goal.metrics {
            guard let value = context.metrics.value(of: metric.instance, for: model[instance].uuid) else { return nil }
            guard metric.isCPU else {
                change.append((value, value))
                continue
            }
            let vcpus = Double(model[instance].vcpus ?? 0)
            func share(_ place: Int) -> Double { value / 100 * (vcpus / Double(model[nodes[place]].vcpus ?? 0)) }
            change.append((share(source), share(destination)))
        }
        return change
    }

    /// Each move that would make the deviation smaller, best first.
    private mutating func candidates() -> [Candidate] {
        let current = table.weighted(goal.metrics.indices.map { table.deviation($0) })
        let ordered = nodes.indices.sorted { model[nodes[$0]].uuid < model[nodes[$1]].uuid }
        let choice = context.parameters.text("host_choice")
        let tries = Int(min(context.parameters.number("retry_count"), Double(nodes.count)))
        var random = SeededGenerator(seed: context.seed)
        var found: [Candidate] = []
        for source in ordered {
            let others = ordered.filter { $0 != source }
            guard !others.isEmpty else { continue }
            var turn = 0
            for instance in model.instanceIDs(on: nodes[source]) where !model[instance].isExcluded {
                guard model[instance].state == .active || model[instance].state == .paused else { continue }
                let destinations: [Int]
                switch choice {
                case "cycle":
                    destinations = [others[turn]]
                    turn = (turn + 1) % others.count
                case "fullsearch": destinations = others
                default: destinations = others.sample(tries, using: &random)
                }
                let known = found.count
                note(instance, from: source, to: destinations, ifBelow: current, &found)
                if found.count == known {
                    solution.explain(
                        model[instance].subject, .rejected,
                        "none of \(destinations.count) destinations tried makes the deviation smaller")
                }
            }
        }
        return found.sorted(by: \.deviation)
    }

    private func note(
        _ instance: ModelRoot.InstanceID, from source: Int, to destinations: [Int], ifBelow current: Double,
        _ found: inout [Candidate]
    ) {
        // What only the source and the instance decide is the same for all destinations of as many processors.
        var changes: [Int: LoadTable.Change] = [:]
        var best = current
        for destination in destinations {
            let vcpus = model[nodes[destination]].vcpus ?? 0
            guard let change = changes[vcpus] ?? change(instance, from: source, to: destination) else { return }
            changes[vcpus] = change
            guard table.estimate(moving: change, from: source, to: destination) < best + LoadTable.tolerance else {
                continue
            }
            let deviation = table.weighted(table.deviations(moving: change, from: source, to: destination))
            guard deviation < best else { continue }
            best = deviation
            found.append(Candidate(instance: instance, source: source, destination: destination, deviation: deviation))
        }
    }

    /// Takes the candidates one after the other as long as each makes the deviation smaller, until one metric is
    /// below its threshold.
    private mutating func migrate(_ candidates: [Candidate]) throws {
        var least = 1.0
        var moved: Set<ModelRoot.InstanceID> = []
        for candidate in candidates {
            let (source, destination) = (candidate.source, candidate.destination)
            let destinationNode = model[nodes[destination]]
            guard model[candidate.instance].disk ?? 0 <= destinationNode.disk ?? 0 else {
                solution.explain(
                    model[candidate.instance].subject, .rejected,
                    "its disk is larger than that of \(destinationNode.actionName)")
                continue
            }
            guard let change = change(candidate.instance, from: source, to: destination) else { continue }
            let deviations = table.deviations(moving: change, from: source, to: destination)
            let weighted = table.weighted(deviations)
            if moved.contains(candidate.instance) {
                // It is no longer where this candidate would take it from; only whether to stop is asked below.
                if weighted < least { continue }
            } else if weighted < least {
                least = weighted
                after = weighted
                moved.insert(candidate.instance)
                table.move(change, from: source, to: destination)
                try solution.move(
                    candidate.instance, in: &model, from: nodes[source], to: nodes[destination])
            } else {
                solution.explain(
                    model[candidate.instance].subject, .rejected, "after the moves before, it would not help any more")
            }
            if zip(deviations, goal.metrics).contains(where: { $0 < $1.threshold }) { return }
        }
    }

    var result: Solution {
        var solution = solution
        solution.model = model
        solution.indicators = [
            EfficacyIndicator("instance_migrations_count", Double(solution.actions.count)),
            EfficacyIndicator("standard_deviation_before_audit", before),
            EfficacyIndicator("standard_deviation_after_audit", after),
            EfficacyIndicator("instances_count", Double(model.instanceCount)),
        ]
        return solution
    }
}
