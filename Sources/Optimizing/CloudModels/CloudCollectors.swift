// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Logging
internal import ModelCollectors
package import OpenStack
package import Settings

/// The collectors that make their models of what a cloud's services tell: `compute` of Nova and Placement, `storage`
/// of Cinder, `baremetal` of Ironic.
package enum CloudCollectors {
    /// Of the collectors, and of their models.
    package static let names = ["compute", "storage", "baremetal"]

    static let extended = Setting(
        "enable_extended_attributes", in: "compute_model", default: false,
        help: "Whether the compute model has the flavors' extra specs.")

    package static let settings: [AnySetting] = [AnySetting(extended)]

    /// By their names. They ask nobody before they are run.
    package static func all(
        _ configuration: Configuration, session: CloudSession, log: Logger
    ) throws(Mistake) -> [String: any ClusterDataModelCollector] {
        let api = CloudDocuments(session: session)
        let nova = NovaCollector(api: api, isExtended: try configuration.value(extended)) { skipped in
            log.warning("left out of the model: \(skipped)")
        }
        return ["compute": nova, "storage": CinderCollector(api: api), "baremetal": IronicCollector(api: api)]
    }
}
