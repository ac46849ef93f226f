// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import GRDB

/// Clusters in the database.
enum ClusterRows {
    static func cluster(_ row: Row) throws -> FleetCluster {
        FleetCluster(
            id: row["id"], name: row["name"], status: FleetCluster.Status(rawValue: row["status"]) ?? .error,
            extensions: try NodeRows.texts(row["extensions"]), attributes: try NodeRows.object(row["attributes"]),
            version: row["version"])
    }

    static func find(_ id: Int, _ database: Database) throws -> FleetCluster {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM cluster WHERE id = ?", arguments: [id]) else {
            throw FleetProblem.noCluster(id)
        }
        return try cluster(row)
    }

    static func all(_ database: Database) throws -> [FleetCluster] {
        try Row.fetchAll(database, sql: "SELECT * FROM cluster ORDER BY id").map { try cluster($0) }
    }

    static func insert(_ cluster: FleetCluster, _ database: Database) throws -> FleetCluster {
        try database.execute(
            sql: "INSERT INTO cluster (name, status, extensions, attributes, version) VALUES (?, ?, ?, ?, ?)",
            arguments: arguments(cluster))
        var made = cluster
        made.id = Int(database.lastInsertedRowID)
        return made
    }

    static func update(_ cluster: FleetCluster, _ database: Database) throws {
        try database.execute(
            sql: """
                UPDATE cluster SET name = ?, status = ?, extensions = ?, attributes = ?, version = ? WHERE id = ?
                """, arguments: arguments(cluster) + [cluster.id])
    }

    static func delete(_ id: Int, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM cluster WHERE id = ?", arguments: [id])
    }

    private static func arguments(_ cluster: FleetCluster) -> StatementArguments {
        [
            cluster.name, cluster.status.rawValue, NodeRows.text(cluster.extensions),
            JSONValue.object(cluster.attributes).json, cluster.version,
        ]
    }
}
