// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Optimization
internal import Settings

/// An audit of models and metrics in files: what would be done, were the cluster like this.
package struct WhatIf: Sendable {
    package typealias Input = InputFile

    /// What was measured of a model, in which datasource, and what is to be said of that.
    ///
    /// - Parameter preferred: datasources' names in the order that the strategy's options set; nil for the usual one.
    package typealias MetricFetch =
        @Sendable (_ queries: [MetricQuery], _ model: ModelRoot, _ preferred: [String]?) async throws
        -> (metrics: any MetricReader, datasource: String, remarks: [String])

    package var strategy: any Strategy
    package var models: [Input]
    /// Nil for none: then nothing was measured.
    package var metrics: Input?
    /// A JSON object, from a file or the command line; nil for the defaults.
    package var parameters: Input?
    /// What the audit may touch, as JSON; nil for everything.
    package var scope: Input?
    /// Who narrows the models to the scope.
    package var scopeHandler: (any ScopeHandling)?
    /// Models at hand by their collectors' names, narrowed already.
    package var knownModels: [String: any Model] = [:]
    /// What is to be said besides, as of the scope that those were narrowed to.
    package var remarks: [String] = []
    package var settings: AuditSettings?
    /// Where metrics come from that no file has; nil for nowhere.
    package var fetchMetrics: MetricFetch?
    /// Told what was not measured, before the strategy decides.
    package var noteGaps: @Sendable ([String]) -> Void = { _ in }
    package var seed: UInt64 = 0
    package var isExplaining = false

    package init(_ strategy: any Strategy, models: [Input], metrics: Input? = nil, parameters: Input? = nil) {
        self.strategy = strategy
        self.models = models
        self.metrics = metrics
        self.parameters = parameters
    }

    /// - Throws: a `Mistake` for what is wrong in the files or parameters; ``OptimizationError`` and ``ModelError``
    ///   where the strategy finds that it can propose nothing.
    package func run(_ catalog: AuditCatalog) async throws -> AuditReport {
        let declaration = strategy.declaration
        var remarks = remarks
        var models = knownModels
        for (name, model) in try await narrow(try readModels(catalog), &remarks) { models[name] = model }
        let table = try metrics.map { input in
            try input.read { try MetricTable(json: try JSONValue(parsing: input.text)) }
        }
        let given: JSONObject =
            try parameters.map { input in
                try input.read {
                    guard let object = try JSONValue(parsing: input.text).object else {
                        throw ModelFormatError("parameters are a JSON object")
                    }
                    return object
                }
            } ?? [:]
        var context: StrategyContext
        do {
            context = try makeContext(strategy, given, options, models, table ?? MetricTable())
        } catch OptimizationError.parameter(let text) {
            throw Mistake(.init(parameters?.path ?? "command line"), "", found: text, allowed: "")
        } catch OptimizationError.modelMissing(let name) {
            throw Mistake(
                .init("command line"), "--model", found: "no \(name) model that isn't stale",
                allowed: "a file or a collector for each of \(declaration.models.joined(separator: ", "))")
        }
        let compute = context.models["compute"] as? ModelRoot
        let queries = try await (strategy as? any MetricPlanning)?.queries(context.parameters) ?? []
        var datasource: String?
        if table == nil, let fetchMetrics, let compute, !queries.isEmpty {
            let preferred = settings?.preferredDatasources(of: declaration.name)
            let found = try await fetchMetrics(queries, compute, preferred)
            context.metrics = found.metrics
            datasource = found.datasource
            remarks += found.remarks
        }
        let source =
            datasource.map { " in datasource \($0)" } ?? (table == nil ? ", as no datasource is configured" : "")
        let gaps = compute.map { MetricGaps.found(queries, $0, context.metrics) } ?? []
        remarks += gaps.map { $0 + source }
        if compute != nil { noteGaps(gaps.map { $0 + source }) }
        var solution: Solution
        do {
            solution = try await strategy.execute(context)
        } catch  where !gaps.isEmpty {
            throw DecidedBlind(reason: error, gaps: gaps.map { $0 + source })
        }
        let goal = catalog.goals.first { $0.name == declaration.goal }
        solution.globalEfficacy = try goal?.efficacy(of: solution.indicators) ?? []
        guard let planner = try makePlanner(declaration.planner, catalog) else {
            throw Mistake(
                .init("strategy \(declaration.name)"), "planner", unknown: declaration.planner,
                among: catalog.plannerNames)
        }
        // Not every strategy's planner knows all of its actions; the one by weight knows those that are built in.
        let plan: ActionPlan
        do {
            plan = try await planner.plan(solution.actions)
        } catch OptimizationError.unsupportedAction {
            guard let byWeight = try makePlanner("weight", catalog) else {
                throw OptimizationError.unsupportedAction(declaration.planner)
            }
            plan = try await byWeight.plan(solution.actions)
        }
        var report = AuditReport(
            strategy: declaration, parameters: context.parameters.json, solution: solution, plan: plan,
            problems: solution.actions.compactMap(catalog.problem), remarks: remarks, datasource: datasource)
        if let compute {
            report.loads = NodeLoad.all(
                compute, solution.model ?? NodeLoad.applying(solution.actions, to: compute), context.metrics, queries)
            report.loadHeadings = NodeLoad.headings(queries)
        }
        return report
    }

    private var options: JSONObject { settings?.strategyOptions[strategy.declaration.name] ?? [:] }

    /// Whether a scope's rules about metadata count for the strategy.
    package var heedsMetadata: Bool { options["check_optimize_metadata"]?.bool ?? false }

    private func makePlanner(_ name: String, _ catalog: AuditCatalog) throws -> (any Planner)? {
        try catalog.makePlanner(name, settings?.plannerOptions[name] ?? [:])
    }

    private func makeContext(
        _ strategy: some Strategy, _ given: JSONObject, _ options: JSONObject, _ models: [String: any Model],
        _ metrics: MetricTable
    ) throws -> StrategyContext {
        try StrategyContext(
            for: strategy, parameters: given, options: options, models: models, metrics: metrics, seed: seed,
            isExplaining: isExplaining)
    }

    private func narrow(
        _ models: [String: any Model], _ remarks: inout [String]
    ) async throws -> [String: any Model] {
        guard let scope, let scopeHandler else { return models }
        let json = try scope.read { try JSONValue(parsing: scope.text) }
        var narrowed: [String: any Model] = [:]
        for (name, model) in models {
            do {
                let result = try await scopeHandler.narrow(model, to: json, heedsMetadata: heedsMetadata)
                narrowed[name] = result.model
                remarks += result.warnings
            } catch {
                throw Mistake(.init(scope.path), "", found: "\(error)", allowed: "")
            }
        }
        return narrowed
    }

    private func readModels(_ catalog: AuditCatalog) throws -> [String: any Model] {
        var models: [String: any Model] = [:]
        for input in self.models {
            let (name, model) = try catalog.readModel(input)
            guard models.updateValue(model, forKey: name) == nil else {
                throw Mistake(
                    .init(input.path), "--model", found: "a second \(name) model", allowed: "one of each kind")
            }
        }
        return models
    }
}
