// SPDX-License-Identifier: Apache-2.0
import Foundation
import MessageBus
import TestSupport

/// The lab's RabbitMQ.
enum Rabbit {
    /// Of AMQP.
    static let port = (Int(ProcessInfo.processInfo.environment["OSLAB_PORT_BASE"] ?? "") ?? 21000) + 11

    static let text = text(at: port)
    static func text(at port: Int) -> String {
        "rabbit://openstack:\(ServicesLab.password)@127.0.0.1:\(port)/openstack"
    }

    static func url(_ query: String = "") throws -> BusURL { try BusURL(text + query) }

    static func options(heartbeat: Int) throws -> BusOptions {
        var options = BusOptions()
        options.heartbeat = heartbeat
        return options
    }

    /// A routing key, and so a queue, of a test's own.
    static func newKey() -> String { "test-\(UUID().uuidString.prefix(8)).sample" }

    /// Messages in a queue that were given to nobody.
    static func waiting(in queue: String) async throws -> Int {
        // What a consumer held comes back when its connection is gone, which the broker finds out a moment later.
        var last: [Int] = []
        for _ in 0..<100 {
            let lines = try await control(
                "list_queues", "-p", "openstack", "--no-table-headers", "--silent", "name", "messages_ready",
                "messages_unacknowledged")
            for line in lines.split(separator: "\n") {
                let words = line.split(whereSeparator: \.isWhitespace)
                if words.count == 3, words[0] == queue { last = words.dropFirst().compactMap { Int($0) } }
            }
            if last.count == 2, last[1] == 0 { return last[0] }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw ShellError(command: "list_queues", reason: "\(queue): \(last)")
    }

    /// How many take from each queue.
    static func consumers() async throws -> [String: Int] {
        let lines = try await control(
            "list_queues", "-p", "openstack", "--no-table-headers", "--silent", "name", "consumers")
        let pairs = lines.split(separator: "\n").compactMap { line -> (String, Int)? in
            let words = line.split(whereSeparator: \.isWhitespace)
            return words.count == 2 ? (String(words[0]), Int(words[1]) ?? 0) : nil
        }
        return Dictionary(pairs) { $1 }
    }

    /// The connections whose heartbeat was agreed to be so many seconds, each by its process in the broker. Those of
    /// the lab's services have another.
    static func connections(heartbeat: Int) async throws -> Set<Substring> {
        let lines = try await control("list_connections", "--no-table-headers", "--silent", "pid", "timeout")
        return Set(
            lines.split(separator: "\n").compactMap { line in
                let words = line.split(whereSeparator: \.isWhitespace)
                return words.count == 2 && Int(words[1]) == heartbeat ? words[0] : nil
            })
    }

    /// `rabbitmqctl`.
    @discardableResult
    static func control(_ arguments: String...) async throws -> String {
        let folder = ServicesLab.shared.directory
        let base = port - 11
        return try await onThread {
            let (status, output, error) = try Shell.run(
                "/usr/lib/rabbitmq/bin/rabbitmqctl", arguments,
                environment: [
                    "HOME": "\(folder)/rabbitmq", "ERL_EPMD_PORT": "\(base + 13)", "ERL_EPMD_ADDRESS": "127.0.0.1",
                    "RABBITMQ_NODENAME": "oslab\(base)@localhost", "RABBITMQ_CONF_ENV_FILE": "/dev/null",
                ], timeout: .seconds(120))
            guard status == 0 else { throw ShellError(command: "rabbitmqctl", reason: error + output) }
            return output
        }
    }
}
