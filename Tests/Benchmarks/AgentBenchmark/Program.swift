// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A program to measure: how to start it, and the file in which it first shows that a cycle is done.
struct Program {
    var executable: String
    /// The arguments for a run of this many cycles, with files in a directory of its own.
    var arguments: @Sendable (_ directory: String, _ cycles: Int) throws -> [String]
    /// A file in that directory, empty or absent until the first cycle is done.
    var firstOutput: String

    /// `libvirt-floor`, which says `begun` on its standard output.
    static func floor(_ executable: String, uri: String, groups: String) -> Program {
        Program(
            executable: executable,
            arguments: { _, cycles in [uri, groups, "1000", "\(cycles)"] },
            firstOutput: Self.log)
    }

    /// The agent as an operator runs it, with `cpu` and `cpu_util` every second to a file.
    static func agent(_ executable: String, uri: String) -> Program {
        Program(
            executable: executable,
            arguments: { directory, _ in
                try configure(directory, uri: uri)
                return ["--polling-namespaces", "compute", "--config-file", directory + "/hypsometer.conf"]
            },
            firstOutput: "samples.jsonl")
    }

    /// Where the standard output and error of a run go.
    static let log = "log"

    private static func configure(_ directory: String, uri: String) throws {
        let files = [
            "hypsometer.conf": """
            [DEFAULT]
            libvirt_uri = \(uri)
            pipeline_cfg_file = \(directory)/pipeline.yaml
            [polling]
            cfg_file = \(directory)/polling.yaml

            """,
            "polling.yaml": """
            sources:
              - name: benchmark
                interval: 1
                meters: ["cpu*"]

            """,
            "pipeline.yaml": """
            sources:
              - name: benchmark
                meters: ["*"]
                sinks: [file]
            sinks:
              - name: file
                publishers: ["file://\(directory)/samples.jsonl"]

            """,
        ]
        for (name, text) in files {
            try text.write(toFile: directory + "/" + name, atomically: false, encoding: .utf8)
        }
    }
}
