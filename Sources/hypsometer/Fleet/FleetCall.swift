// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Settings

/// One question to the service, and how its answer is shown.
struct FleetCall {
    var method: String
    var path: String
    var query: [(String, String)]
    var body: JSONValue?
    /// The answer as rows, the first one with the heads; nil where the answer says nothing.
    var table: (JSONValue) -> [[String]]?

    init(
        _ method: String, _ path: String, query: [(String, String)] = [], body: JSONValue? = nil,
        _ table: @escaping (JSONValue) -> [[String]]? = FleetTable.fields
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.table = table
    }
}

/// A subcommand that asks the service one thing, and prints the answer.
protocol FleetAsking: Subcommand {
    var service: FleetClientOptions { get }
    var call: FleetCall { get }
}

extension FleetAsking {
    func execute() async throws(Mistakes) -> Int32 {
        try await service.run(call.method, call.path, query: call.query, body: call.body, call.table)
    }
}
