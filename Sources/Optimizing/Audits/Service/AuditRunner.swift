// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
internal import Optimization
internal import Settings

/// Does one run of an audit on models and metrics as they are now.
package struct AuditRunner: Sendable {
    package let catalog: AuditCatalog
    package let settings: AuditSettings
    package let models: CollectorManager
    /// nil where no datasource is configured.
    package let fetchMetrics: WhatIf.MetricFetch?
    /// The datasource that has all of these metrics, of those that are preferred where some are; nil for none.
    package let datasource: @Sendable (_ metrics: [String], _ preferred: [String]?) -> String?
    /// Throws what is wrong with a scope.
    package let checkScope: @Sendable (JSONValue) throws -> Void

    package init(
        _ catalog: AuditCatalog, _ settings: AuditSettings, models: CollectorManager,
        fetchMetrics: WhatIf.MetricFetch? = nil,
        datasource: @escaping @Sendable ([String], [String]?) -> String? = { _, _ in nil },
        checkScope: @escaping @Sendable (JSONValue) throws -> Void = { _ in }
    ) {
        self.catalog = catalog
        self.settings = settings
        self.models = models
        self.fetchMetrics = fetchMetrics
        self.datasource = datasource
        self.checkScope = checkScope
    }

    /// - Throws: a `Mistake` where the audit can't be right, such as for a strategy that isn't there; anything else where
    ///   it can't be run now.
    ///
    /// - Parameter noteGaps: told what was not measured, line by line, before the strategy decides.
    func run(
        _ audit: AuditRecord, noteGaps: @escaping @Sendable ([String]) -> Void
    ) async throws -> AuditReport {
        let strategy = try catalog.strategy(named: audit.strategy, at: .init("audit \(audit.name)"), "strategy")
        var run = WhatIf(strategy, models: [])
        run.settings = settings
        run.parameters = .init(path: "audit \(audit.name)", text: JSONValue.object(audit.parameters).json)
        run.fetchMetrics = fetchMetrics
        for name in strategy.declaration.models {
            let (model, warnings) = try await models.model(
                name, scope: audit.scope, heedsMetadata: run.heedsMetadata)
            run.knownModels[name] = model
            run.remarks += warnings
        }
        run.noteGaps = noteGaps
        return try await run.run(catalog)
    }

    /// What came of it; errors in words.
    func outcome(
        of audit: AuditRecord, noteGaps: @escaping @Sendable ([String]) -> Void
    ) async -> AuditOutcome {
        do {
            let report = try await run(audit, noteGaps: noteGaps)
            var words = report.remarks
            if let first = report.problems.first {
                words.append("\(report.problems.count) actions would be refused, the first because of \(first)")
            }
            return .planned(
                report.plan, efficacy: report.solution.indicators, globalEfficacy: report.solution.globalEfficacy,
                message: words.isEmpty ? nil : words.joined(separator: "; ").shortened(to: 4000))
        } catch let error as Mistake {
            return .failed("\(error)", isPermanent: true)
        } catch {
            return .failed("\(error)".shortened(to: 4000), isPermanent: false)
        }
    }
}
