// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A program to measure: how to start it, and the file in which it first shows that a cycle is done.
struct Program {
    var executable: String
    /// The arguments for a run of this many cycles, with files in a directory of its own.
    var arguments: @Sendable (_ directory: String, _ cycles: Int) throws -> [String]
    /// A file in that directory, empty or absent until the first cycle is done.
    var firstOutput: String
    /// Lines that have this are counted, and the first of them says that a cycle is done; all lines where it is empty.
    var mark = ""
    /// Seconds from cycle to cycle.
    var interval = 1

    /// `libvirt-floor`, which says `begun` on its standard output.
    static func floor(_ executable: String, uri: String, groups: String) -> Program {
        Program(
            executable: executable,
            arguments: { _, cycles in [uri, groups, "1000", "\(cycles)"] },
            firstOutput: Self.log)
    }

    /// The agent with some meters every second. One of them, the marker, goes to a file, by which cycles are counted;
    /// the others go nowhere.
    ///
    /// - Parameters:
    ///   - settings: lines for the section `[compute]`.
    ///   - publisher: where the others go instead; what is spooled for it is in the run's directory.
    static func agent(
        _ executable: String, uri: String, meters: String, marker: String, settings: [String] = [],
        publisher: String = "discard://"
    ) -> Program {
        Program(
            executable: executable,
            arguments: { directory, _ in
                try configure(
                    directory, uri: uri, meters: meters, marker: marker, settings: settings, publisher: publisher)
                return ["--polling-namespaces", "compute", "--config-file", directory + "/hypsometer.conf"]
            },
            firstOutput: "samples.jsonl")
    }

    /// Where the standard output and error of a run go.
    static let log = "log"

    /// The arguments with which the agent prints the samples of one poll.
    static func singlePoll(_ directory: String) -> [String] {
        ["--polling-namespaces", "compute", "--config-file", directory + "/hypsometer.conf", "--test"]
    }

    private static func configure(
        _ directory: String, uri: String, meters: String, marker: String, settings: [String], publisher: String
    ) throws {
        let files = [
            "hypsometer.conf": """
            [DEFAULT]
            libvirt_uri = \(uri)
            pipeline_cfg_file = \(directory)/pipeline.yaml
            [polling]
            cfg_file = \(directory)/polling.yaml
            [publisher]
            spool_directory = \(directory)
            [compute]
            \(settings.joined(separator: "\n"))

            """,
            "polling.yaml": """
            sources:
              - name: benchmark
                interval: 1
                meters: ["\(meters)"]

            """,
            "pipeline.yaml": """
            sources:
              - {name: marker, meters: ["\(marker)"], sinks: [file]}
              - {name: others, meters: ["!\(marker)"], sinks: [others]}
            sinks:
              - {name: file, publishers: ["file://\(directory)/samples.jsonl"]}
              - {name: others, publishers: ["\(publisher)"]}

            """,
        ]
        try write(files, to: directory)
    }

    static func write(_ files: [String: String], to directory: String) throws {
        for (name, text) in files {
            try text.write(toFile: directory + "/" + name, atomically: false, encoding: .utf8)
        }
    }
}
