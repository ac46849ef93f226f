// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Daemon
import Fleet
import Foundation
import Glibc
import Settings

/// How a service that runs audits is reached.
struct AuditClientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the service is; HYPSOMETER_AUDIT_URL, else http://127.0.0.1:4955.", valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp(
            "A file with the token to show; HYPSOMETER_AUDIT_TOKEN_FILE, else none.", valueName: "path"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("A PEM file with the authorities to trust.", valueName: "path"))
    var ca: String?

    @Flag(help: "Print the service's answer as JSON.")
    var json = false

    /// Asks, and prints the answer.
    ///
    /// - Parameter table: the answer as rows, the first one with the heads; nil where the answer says nothing.
    func run(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil,
        _ table: (JSONValue) -> [[String]]?
    ) async throws(Mistakes) -> Int32 {
        try await run { ask in
            let answer = try await ask(method, path, query, body)
            return json ? answer.json + "\n" : table(answer).map { FleetTable.text($0) } ?? ""
        }
    }

    typealias Ask = (String, String, [(String, String)], JSONValue?) async throws -> JSONValue

    /// Asks several questions, and prints what is made of the answers.
    func run(_ body: (Ask) async throws -> String) async throws(Mistakes) -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        let client = try Mistakes.collecting { () throws(Mistake) in
            try FleetClient(
                url: url ?? environment["HYPSOMETER_AUDIT_URL"] ?? "http://127.0.0.1:4955",
                tokenFile: tokenFile ?? environment["HYPSOMETER_AUDIT_TOKEN_FILE"], authority: ca)
        }
        do {
            let text = try await body { method, path, query, body in
                try await client.send(method, path, query: query, body: body)
            }
            return text.isEmpty ? 0 : Output.put(text)
        } catch {
            Output.put("hypsometer: \("\(error)".shortened(to: 1000))\n", to: STDERR_FILENO)
            return 1
        }
    }

    /// A name or UUID as a segment of a path, which the client encodes.
    static func segment(_ text: String) throws(Mistakes) -> String {
        guard !text.isEmpty, !text.contains("/") else {
            throw Mistakes([
                Mistake(
                    .init("command line"), "", found: text.isEmpty ? "an empty name" : "\(text.quoted), which has a /",
                    allowed: "a UUID, or a name without /")
            ])
        }
        return text
    }
}
