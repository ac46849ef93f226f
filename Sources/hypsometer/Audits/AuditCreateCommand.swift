// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import ClusterModel
import Settings

/// `hypsometer audit create`.
struct AuditCreateCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Gives an audit to the service: to run once, or by its interval.")

    @Option(help: "What to work towards.") var goal: String?
    @Option(help: "The algorithm to use.") var strategy: String?
    @Option(help: "Its name; one is made of strategy and time where none is given.") var name: String?
    @Option(
        help: ArgumentHelp(
            "Run again and again: seconds, or cron's five fields in UTC, such as '0 2 * * mon-fri'.",
            valueName: "interval"))
    var interval: String?
    @Flag(help: "Run whenever POST /v1/webhooks/ID is called.") var event = false
    @Option(help: ArgumentHelp("When a continuous one begins, in UTC.", valueName: "time")) var startTime: String?
    @Option(help: ArgumentHelp("When it ends.", valueName: "time")) var endTime: String?
    @Option(help: ArgumentHelp("The strategy's parameters: a JSON object, or a file with one.", valueName: "json"))
    var parameters: String?
    @Option(
        help: ArgumentHelp(
            "What may be touched: a list as [{\"compute\": […]}], or a file with one.", valueName: "json"))
    var scope: String?
    @Flag(help: "Run also while an action plan is being carried out.") var force = false
    @OptionGroup var service: AuditClientOptions

    func validate() throws {
        if goal == nil, strategy == nil { throw ValidationError("give --goal, --strategy, or both") }
        if event, interval != nil { throw ValidationError("--event and --interval exclude each other; give one") }
    }

    func execute() async throws(Mistakes) -> Int32 {
        var body: JSONObject = [
            "audit_type": interval != nil ? "CONTINUOUS" : event ? "EVENT" : "ONESHOT", "force": .bool(force),
        ]
        let texts = [
            "goal": goal, "strategy": strategy, "name": name, "interval": interval, "start_time": startTime,
            "end_time": endTime,
        ]
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) { body[key] = text.map { .string($0) } }
        try Mistakes.collecting { () throws(Mistake) in
            if let parameters {
                let file = try InputFile(jsonOrPath: parameters, of: "--parameters")
                body["parameters"] = try file.read { try JSONValue(parsing: file.text) }
            }
            if let scope { body["scope"] = try ScopeFiles.read(try InputFile(jsonOrPath: scope, of: "--scope")) }
        }
        return try await service.run("POST", "/v1/audits", body: .object(body), AuditTables.fields)
    }
}
