// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClusterModel
import Settings

/// `hypsometer fleet events`.
struct FleetEventsCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "Lists what has happened, in its order.")

    @Option(help: "Only later ones than the event of this number.") var after = 0
    @Option(help: "How many at most, 1 to 1000.") var limit = 100
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("GET", "/v1/events", query: [("after", "\(after)"), ("limit", "\(limit)")]) { answer in
            [["NUMBER", "TIME", "KIND", "OF", "CHANGED"]]
                + (answer["events"]?.array ?? []).map { event in
                    let node = event["node"]?["after"]?["id"] ?? event["node"]?["before"]?["id"]
                    let cluster = event["cluster"]?["after"]?["id"] ?? event["cluster"]?["before"]?["id"]
                    let subject =
                        node.map { "node \(FleetTable.cell($0))" } ?? cluster.map { "cluster \(FleetTable.cell($0))" }
                        ?? event["node_ids"].map { "nodes \(FleetTable.cell($0))" } ?? "-"
                    return [
                        FleetTable.cell(event["number"]), FleetTable.cell(event["time"]),
                        FleetTable.cell(event["kind"]), subject, FleetTable.cell(event["changed"]),
                    ]
                }
        }
    }
}

/// `hypsometer fleet audit`.
struct FleetAuditCommand: FleetAsking {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Lists who changed what, and who was refused; the newest first.")

    @Option(help: "How many at most, 1 to 1000.") var limit = 100
    @OptionGroup var service: FleetClientOptions

    var call: FleetCall {
        FleetCall("GET", "/v1/audit", query: [("limit", "\(limit)")]) { answer in
            FleetTable.rows(
                answer["entries"],
                [
                    "ID": "id", "TIME": "time", "CALLER": "caller", "ACTION": "action", "SUBJECT": "subject",
                    "OUTCOME": "outcome", "DETAIL": "detail",
                ])
        }
    }
}
