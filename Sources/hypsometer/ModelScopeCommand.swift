// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import ClusterModel
import Daemon
import Glibc
import ModelCollectors
import Settings

/// `hypsometer model scope`.
struct ModelScopeCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "scope", abstract: "Prints what an audit's scope leaves of a model.")

    @Option(help: ArgumentHelp("A file with a model: our JSON or Watcher's XML.", valueName: "path"))
    var model: String

    @Option(
        help: ArgumentHelp(
            "What may be touched: a list as [{\"compute\": […]}], or a file with one.", valueName: "json"))
    var scope: String

    @Option(
        help: ArgumentHelp(
            "A file with what the scope's aggregates and zones are: an object with lists of aggregates, services and "
                + "storage_services as Nova and Cinder tell them.", valueName: "path"))
    var groups: String?

    @Flag(help: "Take rules about instances' metadata too, as strategies do that ask for it.")
    var heedMetadata = false

    @Option(help: "A table, the JSON that audits read, or Watcher's XML.")
    var format = ModelFormat.table

    func execute() async throws(Mistakes) -> Int32 {
        try Mistakes.collecting { () throws(Mistake) in
            let handler = try ScopeFiles.handler(groups: groups)
            let whole = try ModelInput.read(model)
            let rules = try InputFile(jsonOrPath: scope, of: "--scope")
            let json = try ScopeFiles.read(rules)
            let narrowed = try rules.read { try handler.narrow(whole, to: json, heedsMetadata: heedMetadata) }
            for warning in narrowed.warnings { Output.put("hypsometer: \(warning)\n", to: STDERR_FILENO) }
            return Output.put(try format.text(narrowed.model))
        }
    }
}
