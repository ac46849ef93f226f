// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// A program that runs, with its files.
struct StartedProgram {
    let child: ChildProcess
    let begin: ContinuousClock.Instant
    private let program: Program
    private let directory: String
    private var output: String { directory + "/" + program.firstOutput }

    init(_ program: Program, directory: String, cycles: Int) throws {
        self.program = program
        self.directory = directory
        let arguments = try program.arguments(directory, cycles)
        let log = open(directory + "/" + Program.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(log) }
        begin = .now
        child = try ChildProcess(program.executable, arguments, output: log, error: log)
    }

    /// When its first output came, to 0.2 ms.
    func awaitOutput() throws -> ContinuousClock.Instant {
        let deadline = ContinuousClock.now + .seconds(30 + program.interval)
        while try !isWritten {
            guard ContinuousClock.now < deadline, child.status(within: .zero) == nil else {
                let log = try String(contentsOfFile: directory + "/" + Program.log, encoding: .utf8)
                throw ShellError(command: program.executable, reason: "no output: " + log)
            }
            usleep(200)
        }
        return .now
    }

    private var isWritten: Bool {
        get throws {
            var status = stat()
            guard stat(output, &status) == 0, status.st_size > 0 else { return false }
            return try program.mark.isEmpty || lineCount() > 0
        }
    }

    func lineCount() throws -> Int {
        let data = try Data(contentsOf: URL(filePath: output))
        if program.mark.isEmpty { return data.count { $0 == UInt8(ascii: "\n") } }
        let mark = Data(program.mark.utf8)
        return data.split(separator: UInt8(ascii: "\n")).count { $0.firstRange(of: mark) != nil }
    }

    func stop() {
        child.signal(SIGTERM)
        if child.status(within: .seconds(10)) == nil { child.signal(SIGKILL) }
        _ = child.status(within: .seconds(10))
    }
}
