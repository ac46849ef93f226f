// SPDX-License-Identifier: Apache-2.0
import Audits
import CloudAccess
import Datasources
import Foundation
import OpenStack
import Settings

extension Datasources {
    /// Those that the configuration has a place for, asked as it says.
    init(
        _ configuration: Configuration, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(Mistakes) {
        let settings = try DatasourceSettings(configuration)
        guard settings.usesKeystone else {
            self.init(settings)
            return
        }
        let credentials = try Mistakes.collecting { () throws(Mistake) in
            try CloudAccess.credentials(configuration, environment: environment)
        }
        guard let credentials else {
            let section = "watcher_datasources.gnocchi"
            throw Mistakes([
                Mistake(
                    configuration.place(of: section, "keystone") ?? .init("built-in configuration"),
                    "[\(section)] keystone", found: "true, and no cloud to log in at",
                    allowed: "with [service_credentials] that has auth_url, user and password; or token_file")
            ])
        }
        self.init(settings, cloud: CloudSession(credentials))
    }

    /// nil where there is none to ask.
    var metricFetch: WhatIf.MetricFetch? {
        if isEmpty { return nil }
        return { queries, model, preferred in
            let found = try await fetch(queries, in: model, preferred: preferred)
            return (found.metrics, found.datasource, found.remarks)
        }
    }
}
