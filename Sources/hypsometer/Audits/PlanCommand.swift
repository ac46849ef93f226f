// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer plan`.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Shows the action plans that the service's audits made, and how they get on.",
        subcommands: [
            PlanListCommand.self, PlanShowCommand.self, PlanStartCommand.self, PlanCancelCommand.self,
            PlanReportCommand.self, PlanDeleteCommand.self,
        ])
}

struct PlanListCommand: Subcommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists plans, the newest first.")

    @Option(help: "Only those of this audit, by its UUID.") var audit: String?
    @Option(help: "Only those in this state, such as RECOMMENDED.") var state: String?
    @OptionGroup var service: AuditClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        var query = [("sort_dir", "desc")]
        if let audit { query.append(("audit_uuid", audit)) }
        if let state { query.append(("state", state.uppercased())) }
        return try await service.run("GET", "/v1/action_plans", query: query, AuditTables.plans)
    }
}

struct PlanShowCommand: Subcommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a plan with its actions.")

    @Argument(help: "Its UUID.") var plan: String
    @OptionGroup var service: AuditClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        let segment = try AuditClientOptions.segment(plan)
        return try await service.run { ask in
            let shown = try await ask("GET", "/v1/action_plans/\(segment)", [], nil)
            let actions = try await ask("GET", "/v1/actions", [("action_plan_uuid", plan), ("limit", "10000")], nil)
            if service.json {
                var object = shown.object ?? [:]
                object["actions"] = actions["actions"]
                return JSONValue.object(object).json + "\n"
            }
            let hasActions = actions["actions"]?.array?.isEmpty == false
            return FleetTable.text(AuditTables.fields(shown))
                + (hasActions ? "\n" + FleetTable.text(AuditTables.actions(actions)) : "")
        }
    }
}

struct PlanStartCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "start", abstract: "Says that a plan is to be carried out, for whoever does so.")

    @Argument(help: "Its UUID.") var plan: String
    @OptionGroup var service: AuditClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run(
            "POST", "/v1/action_plans/\(try AuditClientOptions.segment(plan))/start", AuditTables.fields)
    }
}

struct PlanCancelCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Says that a plan is not to be carried out, or not any further.")

    @Argument(help: "Its UUID.") var plan: String
    @OptionGroup var service: AuditClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run(
            "PATCH", "/v1/action_plans/\(try AuditClientOptions.segment(plan))",
            body: [["op": "replace", "path": "/state", "value": "CANCELLED"]], AuditTables.fields)
    }
}

struct PlanReportCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Tells the service how an action is getting on; its plan follows.")

    enum State: String, ExpressibleByArgument, CaseIterable { case ongoing, succeeded, failed, skipped, cancelled }

    @Argument(help: "The action's UUID.") var action: String
    @Option(help: "How it is.") var state: State
    @Option(help: "Why.") var message: String?
    @OptionGroup var service: AuditClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        var patch: [JSONValue] = [
            ["op": "replace", "path": "/state", "value": .string(state.rawValue.uppercased())]
        ]
        if let message { patch.append(["op": "replace", "path": "/status_message", "value": .string(message)]) }
        return try await service.run(
            "PATCH", "/v1/actions/\(try AuditClientOptions.segment(action))", body: .array(patch), AuditTables.fields)
    }
}

struct PlanDeleteCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a plan that isn't being carried out.")

    @Argument(help: "Its UUID.") var plan: String
    @OptionGroup var service: AuditClientOptions

    func execute() async throws(Mistakes) -> Int32 {
        try await service.run("DELETE", "/v1/action_plans/\(try AuditClientOptions.segment(plan))") { _ in nil }
    }
}
