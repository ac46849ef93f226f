// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// One run of the agent as an operator starts it: its own process, and an environment with nothing of ours in it.
struct Binary {
    struct Outcome {
        /// -1 where it had to be killed.
        var status: Int32
        var stdout: String
        var stderr: String
    }

    static let agent = RunningAgent.executable
    static let bash = URL(filePath: "/bin/bash")

    var executable = agent
    var arguments: [String]
    var environment: [String: String] = [:]
    var folder: URL

    /// - Parameter limit: when it is killed.
    func run(limit: Duration = .seconds(30)) async throws -> Outcome {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        // Nothing of ours but what sanitizers are told.
        let sanitizers = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
            .merging(sanitizers) { $1 }.merging(environment) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: they take whatever comes, and nobody has to read meanwhile.
        let files = (stdout: folder.appending(path: ".stdout"), stderr: folder.appending(path: ".stderr"))
        process.standardOutput = try Self.created(files.stdout)
        process.standardError = try Self.created(files.stderr)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        let number = process.processIdentifier
        let killer = Task {
            try await Task.sleep(for: limit)
            kill(number, SIGKILL)
        }
        for await _ in ends {}
        killer.cancel()
        return Outcome(
            status: process.terminationReason == .exit ? process.terminationStatus : -1,
            stdout: String(decoding: try Data(contentsOf: files.stdout), as: UTF8.self),
            stderr: String(decoding: try Data(contentsOf: files.stderr), as: UTF8.self))
    }

    private static func created(_ file: URL) throws -> FileHandle {
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }
}
