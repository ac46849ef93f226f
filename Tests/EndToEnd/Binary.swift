// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// One run of the agent as an operator starts it: its own process, and an environment with nothing of ours in it.
struct Binary {
    struct Outcome {
        /// 128 and the signal's number where one ended it.
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

    /// - Throws: where it has to be killed.
    func run() async throws -> Outcome {
        // Nothing of ours but what sanitizers are told.
        let sanitizers = ProcessInfo.processInfo.environment.filter { $0.key.hasSuffix("SAN_OPTIONS") }
        let variables = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
            .merging(sanitizers) { $1 }.merging(environment) { $1 }.map { "\($0)=\($1)" }
        let words = ["--ignore-environment", "--chdir=\(folder.path)"] + variables + [executable.path] + arguments
        let (status, output, error) = try await onThread { try Shell.run("env", words, timeout: .seconds(120)) }
        return Outcome(status: status, stdout: output, stderr: error)
    }
}
