// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import GRDB
internal import PluginHost
internal import Telemetry

/// One deployment of a cluster, numbered from 1. The last one is what its agents are to run.
struct Generation: Sendable, Hashable {
    var id: Int
    var cluster: Int
    var number: Int
    var time: Timestamp
    var caller: String
    /// The generation that it brought back.
    var restores: Int?

    init(_ row: Row) {
        id = row["id"]
        cluster = row["cluster"]
        number = row["number"]
        time = Timestamp(microseconds: row["time"])
        caller = row["caller"]
        restores = row["restores"]
    }

    var json: JSONObject {
        [
            "generation": .integer(number), "cluster": .integer(cluster), "time": .string(time.description),
            "caller": .string(caller), "restores": restores.map { .integer($0) } ?? .null,
        ]
    }
}

/// Generations in the database.
enum GenerationRows {
    /// A node in a generation.
    struct Member: Sendable, Hashable {
        var node: Int
        var digest: String
        /// The number of the generation that made its configuration: it may be an earlier one, where others were deployed.
        var origin: Int
    }

    private static let columns = "id, cluster, number, time, caller, restores"

    /// The newest first.
    static func all(cluster: Int, limit: Int, _ database: Database) throws -> [Generation] {
        try Row.fetchAll(
            database, sql: "SELECT \(columns) FROM generation WHERE cluster = ? ORDER BY number DESC LIMIT ?",
            arguments: [cluster, limit]
        ).map { Generation($0) }
    }

    static func last(cluster: Int, _ database: Database) throws -> Generation? {
        try all(cluster: cluster, limit: 1, database).first
    }

    static func find(_ number: Int, cluster: Int, _ database: Database) throws -> Generation {
        let row = try Row.fetchOne(
            database, sql: "SELECT \(columns) FROM generation WHERE cluster = ? AND number = ?",
            arguments: [cluster, number])
        guard let row else {
            _ = try ClusterRows.find(cluster, database)
            let last = try last(cluster: cluster, database)?.number
            throw FleetProblem(
                .notFound,
                "Cluster \(cluster) has no generation \(number)"
                    + (last.map { "; the last one is \($0), and old ones are forgotten." } ?? "; it was never deployed.")
            )
        }
        return Generation(row)
    }

    /// By ascending node.
    static func members(of generation: Generation, _ database: Database) throws -> [Member] {
        try Row.fetchAll(
            database, sql: "SELECT node, digest, origin FROM generation_node WHERE generation = ? ORDER BY node",
            arguments: [generation.id]
        ).map { Member(node: $0["node"], digest: $0["digest"], origin: $0["origin"]) }
    }

    static func data(of generation: Generation, _ kind: DeploymentDataKind, _ database: Database) throws -> JSONObject {
        let text = try String.fetchOne(
            database, sql: "SELECT \(kind.rawValue) FROM generation WHERE id = ?", arguments: [generation.id])
        return try NodeRows.object(text ?? "{}")
    }

    static func steps(
        of generation: Generation, _ kind: DeploymentDataKind, _ database: Database
    ) throws -> [DeploymentData.Step] {
        try Row.fetchAll(
            database,
            sql:
                "SELECT author, extension, patch FROM generation_step WHERE generation = ? AND kind = ? ORDER BY position",
            arguments: [generation.id, kind.rawValue]
        ).map { row in
            DeploymentData.Step(
                author: row["author"], extensionName: row["extension"],
                patch: JSONPatch(json: try JSONValue(parsing: row["patch"] as String)))
        }
    }

    static func insert(
        cluster: Int, caller: String, restores: Int?, deployment: String, provisioning: String, _ database: Database
    ) throws -> Generation {
        let number = (try last(cluster: cluster, database)?.number ?? 0) + 1
        try database.execute(
            sql: """
                INSERT INTO generation (cluster, number, time, caller, restores, deployment, provisioning)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [cluster, number, Timestamp.now.microseconds, caller, restores, deployment, provisioning])
        return try find(number, cluster: cluster, database)
    }

    static func insert(
        _ steps: [(position: Int, author: String, extensionName: String?, patch: String)], _ kind: DeploymentDataKind,
        of generation: Generation, _ database: Database
    ) throws {
        for step in steps {
            try database.execute(
                sql: "INSERT INTO generation_step VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [generation.id, kind.rawValue, step.position, step.author, step.extensionName, step.patch])
        }
    }

    static func insert(_ members: [Member], of generation: Generation, _ database: Database) throws {
        let statement = try database.makeStatement(sql: "INSERT INTO generation_node VALUES (?, ?, ?, ?)")
        for member in members {
            try statement.execute(arguments: [generation.id, member.node, member.digest, member.origin])
        }
    }

    static func insert(configurations: [ConfigurationCheck.Configuration], _ database: Database) throws {
        let statement = try database.makeStatement(sql: "INSERT OR IGNORE INTO config VALUES (?, ?)")
        var seen: Set<String> = []
        for configuration in configurations where seen.insert(configuration.digest).inserted {
            try statement.execute(arguments: [configuration.digest, configuration.text])
        }
    }

    /// Forgets all but the last ones of a cluster, and what only those had.
    static func forget(cluster: Int, keeping count: Int, _ database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM generation WHERE cluster = ? AND number <=
                    (SELECT max(number) FROM generation WHERE cluster = ?) - ?
                """, arguments: [cluster, cluster, count])
        guard database.changesCount > 0 else { return }
        try database.execute(
            sql: """
                DELETE FROM config WHERE NOT EXISTS
                    (SELECT 1 FROM generation_node WHERE generation_node.digest = config.digest)
                """)
    }
}
