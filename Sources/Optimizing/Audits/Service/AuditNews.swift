// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
internal import Daemon
internal import Logging
internal import Optimization
internal import Synchronization

/// Says what comes of audits: what is new of continuous ones, and everything of the others.
final class AuditNews: Sendable {
    private let faults: FaultLog
    private let log: Logger
    /// A hash of the actions that the log told of last, by audit.
    private let told = Mutex<[String: Int]>([:])

    init(faults: FaultLog, log: Logger) {
        self.faults = faults
        self.log = log
    }

    /// Says what was not measured, before the strategy decides without it: of a continuous audit when that begins and
    /// when it ends.
    func tell(gaps: [String], of audit: AuditRecord) {
        let words = gaps.joined(separator: "; ")
        if audit.kind == .continuous {
            let error = gaps.isEmpty ? nil : AuditProblem(.busy, words)
            faults.note("measuring what strategy \(audit.strategy) needs", in: "audit \(audit.name)", error)
        } else if !gaps.isEmpty {
            log.warning(
                "not all is measured that the strategy needs",
                metadata: ["audit": "\(audit.name)", "strategy": "\(audit.strategy)", "missing": "\(words)"])
        }
    }

    /// - Parameter plan: its id, where there is one.
    func tell(_ outcome: AuditOutcome, _ plan: String?, of audit: AuditRecord) {
        let metadata: Logger.Metadata = ["audit": "\(audit.name)", "run": "\(audit.run)"]
        switch outcome {
        case .planned(let actions, _, _, _):
            Counter(label: "audit_runs_total", dimensions: [("outcome", "planned")]).increment()
            faults.note("an audit", in: audit.name, nil)
            // What is the same as at the last run is no news.
            let isNews = told.withLock { told in
                let before = told.updateValue(actions.actions.hashValue, forKey: audit.uuid)
                return before == nil ? !actions.actions.isEmpty : before != actions.actions.hashValue
            }
            log.log(
                level: isNews ? .info : .debug, "an audit made a plan",
                metadata: metadata.merging([
                    "plan": "\(plan ?? "")", "actions": "\(actions.actions.count)",
                ]) { $1 })
        case .failed(let words, let isPermanent):
            Counter(label: "audit_runs_total", dimensions: [("outcome", "failed")]).increment()
            if audit.kind == .continuous, !isPermanent {
                faults.note("an audit", in: audit.name, AuditProblem(.busy, words))
            } else {
                log.error("an audit failed", metadata: metadata.merging(["error": "\(words)"]) { $1 })
            }
        }
    }
}
