// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Daemon
import Fleet
import Foundation
import Glibc
import Settings

/// How a fleet service is reached.
struct FleetClientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the service is; HYPSOMETER_FLEET_URL, else http://127.0.0.1:4954.", valueName: "url"))
    var url: String?

    @Option(
        help: ArgumentHelp(
            "A file with the token to show; HYPSOMETER_FLEET_TOKEN_FILE, else /var/lib/hypsometer/fleet.token.",
            valueName: "path"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("A PEM file with the authorities to trust.", valueName: "path"))
    var ca: String?

    @Flag(help: "Print the service's answer as JSON.")
    var json = false

    private func makeClient() throws(Mistake) -> FleetClient {
        let environment = ProcessInfo.processInfo.environment
        return try FleetClient(
            url: url ?? environment["HYPSOMETER_FLEET_URL"] ?? "http://127.0.0.1:4954",
            tokenFile: tokenFile ?? environment["HYPSOMETER_FLEET_TOKEN_FILE"] ?? "/var/lib/hypsometer/fleet.token",
            authority: ca)
    }

    /// Asks, and prints the answer.
    ///
    /// - Parameter table: the answer as rows, the first one with the heads; nil where the answer says nothing.
    func run(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil,
        _ table: (JSONValue) -> [[String]]?
    ) async throws(Mistakes) -> Int32 {
        let client = try Mistakes.collecting { () throws(Mistake) in try makeClient() }
        do {
            let answer = try await client.send(method, path, query: query, body: body)
            if json { return Output.put(answer.json + "\n") }
            return table(answer).map { Output.put(FleetTable.text($0)) } ?? 0
        } catch {
            Output.put("hypsometer: \("\(error)".shortened(to: 1000))\n", to: STDERR_FILENO)
            return 1
        }
    }

    /// Does what takes several requests.
    func withClient(_ body: (FleetClient) async throws -> Void) async throws(Mistakes) -> Int32 {
        let client = try Mistakes.collecting { () throws(Mistake) in try makeClient() }
        do {
            try await body(client)
            return 0
        } catch {
            Output.put("hypsometer: \("\(error)".shortened(to: 1000))\n", to: STDERR_FILENO)
            return 1
        }
    }

    /// Reads a thing, changes it, and writes it where nobody else has changed it meanwhile.
    func change(_ path: String, _ change: (JSONValue) -> JSONObject) async throws(Mistakes) -> Int32 {
        let client = try Mistakes.collecting { () throws(Mistake) in try makeClient() }
        do {
            let known = try await client.send("GET", path)
            let answer = try await client.send(
                "PUT", path, body: .object(change(known)), ifVersion: known["version"]?.integer)
            return json ? Output.put(answer.json + "\n") : 0
        } catch {
            Output.put("hypsometer: \("\(error)".shortened(to: 1000))\n", to: STDERR_FILENO)
            return 1
        }
    }
}

/// Answers as tables.
enum FleetTable {
    static func text(_ rows: [[String]]) -> String {
        guard let heads = rows.first else { return "" }
        let widths = heads.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            return cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces) + "\n"
        }.joined()
    }

    /// A row of heads, and one for each item.
    static func rows(_ items: JSONValue?, _ columns: KeyValuePairs<String, String>) -> [[String]] {
        [columns.map(\.key)] + (items?.array ?? []).map { item in columns.map { cell(item[$0.value]) } }
    }

    /// Fields of one thing, a line each.
    static func fields(_ value: JSONValue) -> [[String]] {
        [["FIELD", "VALUE"]] + (value.object?.entries ?? []).map { [$0.key, cell($0.value)] }
    }

    static func cell(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null?: "-"
        case .string(let text)?: text.shortened(to: 200)
        case .array(let items)? where items.allSatisfy { $0.string != nil || $0.integer != nil }:
            items.isEmpty ? "-" : items.map { cell($0) }.joined(separator: ",")
        case let value?: value.json.shortened(to: 200)
        }
    }
}
