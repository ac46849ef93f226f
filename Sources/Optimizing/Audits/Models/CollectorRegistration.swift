// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Settings

/// A collector as the front door hands it in.
package struct CollectorRegistration: Sendable {
    package var name: String
    /// What strategies call its model: `compute`, `storage`, `baremetal`; its own name for one of another kind.
    package var kind: String
    package var collector: any ClusterDataModelCollector
    /// Seconds between two synchronisations.
    package var period: Int

    package init(_ name: String, kind: String, _ collector: any ClusterDataModelCollector, period: Int) {
        self.name = name
        self.kind = kind
        self.collector = collector
        self.period = period
    }

    /// How often a collector builds its model anew.
    package static func periodSetting(of name: String) -> Setting<Int> {
        Setting(
            "period", in: "watcher_cluster_data_model_collectors.\(name)", default: 3600, 1...604_800,
            help: "Seconds between two synchronisations of the model; notifications keep it up to date in between.")
    }
}

/// Why there is no model to decide by.
package enum ModelUnavailable: Error, Sendable, Hashable, CustomStringConvertible {
    case unknown(String, known: [String])
    /// There is nothing to build it of.
    case absent(String, reason: String)
    /// It was never built, or its collector was stopped before.
    case notBuilt(String)
    /// It could not be kept up to date.
    case stale(String, since: String, reason: String)

    package var description: String {
        switch self {
        case .unknown(let name, let known):
            "no collector makes the model \(name); there are \(known.isEmpty ? "none" : known.joined(separator: ", "))"
        case .absent(let name, let reason): "there is no model \(name) here: \(reason)"
        case .notBuilt(let name): "the model \(name) is not built yet"
        case .stale(let name, let since, let reason): "the model \(name) is stale since \(since): \(reason)"
        }
    }
}
