// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer audit show`.
struct AuditShowCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows the service's audits, or one of them with its plans.")

    @Argument(help: "Its UUID or name; all of them without.") var audit: String?
    @OptionGroup var service: AuditClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        guard let audit else {
            return try await service.run("GET", "/v1/audits") { AuditTables.audits($0) }
        }
        let segment = try AuditClientOptions.segment(audit)
        return try await service.run { ask in
            let shown = try await ask("GET", "/v1/audits/\(segment)", [], nil)
            if service.json { return shown.json + "\n" }
            let query = [
                ("audit_uuid", shown["uuid"]?.string ?? ""), ("sort_dir", "desc"), ("limit", "10"),
            ]
            let plans = try await ask("GET", "/v1/action_plans", query, nil)
            let hasPlans = plans["action_plans"]?.array?.isEmpty == false
            return FleetTable.text(AuditTables.fields(shown))
                + (hasPlans ? "\n" + FleetTable.text(AuditTables.plans(plans)) : "")
        }
    }
}

/// `hypsometer audit update`.
struct AuditUpdateCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Changes an audit: cancels or suspends it, or gives it another interval.")

    enum State: String, ExpressibleByArgument, CaseIterable { case cancelled, suspended, ongoing }

    @Argument(help: "Its UUID or name.") var audit: String
    @Option(help: "What it becomes; ongoing for a suspended one.") var state: State?
    @Option(help: "Seconds, or cron's five fields.") var interval: String?
    @Option(help: "Another name.") var name: String?
    @OptionGroup var service: AuditClientOptions

    func validate() throws {
        if state == nil, interval == nil, name == nil {
            throw ValidationError("give at least one of --state, --interval and --name")
        }
    }

    func execute() async throws(Mistakes) -> Int32 {
        let changes = [("state", state?.rawValue.uppercased()), ("interval", interval), ("name", name)]
        let steps = changes.compactMap { key, value -> JSONValue? in
            value.map { ["op": "replace", "path": .string("/\(key)"), "value": .string($0)] }
        }
        let path = "/v1/audits/\(try AuditClientOptions.segment(audit))"
        return try await service.run("PATCH", path, body: .array(steps), AuditTables.fields)
    }
}

/// `hypsometer audit trigger`.
struct AuditTriggerCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "Runs an audit that was created with --event.")

    @Argument(help: "Its UUID or name.") var audit: String
    @OptionGroup var service: AuditClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run("POST", "/v1/webhooks/\(try AuditClientOptions.segment(audit))") { _ in nil }
    }
}

/// `hypsometer audit delete`.
struct AuditDeleteCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes an audit; one that still runs is cancelled first.")

    @Argument(help: "Its UUID or name.") var audit: String
    @OptionGroup var service: AuditClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        let path = "/v1/audits/\(try AuditClientOptions.segment(audit))"
        return try await service.run { ask in
            let shown = try await ask("GET", path, [], nil)
            if ["PENDING", "ONGOING"].contains(shown["state"]?.string ?? "") {
                let patch: JSONValue = [["op": "replace", "path": "/state", "value": "CANCELLED"]]
                _ = try await ask("PATCH", path, [], patch)
            }
            _ = try await ask("DELETE", path, [], nil)
            return ""
        }
    }
}
