// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// What one run used between two moments, each half an interval away from the nearest cycles.
struct Run {
    var cycles: Int
    /// CPU time of the program and of libvirtd, in nanoseconds.
    var own: Int
    var daemon: Int
    /// Lines the program wrote meanwhile.
    var lines: Int
    /// Resident and proportional set size at the end, in KiB.
    var resident: Int
    var proportional: Int
}

/// Runs programs, one after the other, against one libvirtd.
struct Stage {
    var daemon: Int32
    var cycles: Int
    var scratch: Scratch
    var guardian: Guardian

    /// Cycles before the measured ones: connections, caches, and what a program does once.
    private static let warmUp = 3

    func measure(_ program: Program) throws -> Run {
        let (child, output) = try start(program)
        defer { stop(child) }
        // From the first cycle's end on, cycle n comes at n seconds: we look in the middle between two.
        let begin = try awaitOutput(output, of: child) + .milliseconds(1000 * Self.warmUp - 500)
        sleep(until: begin)
        let lines = try lineCount(output)
        let own = try cpuTime(of: child.pid)
        let others = try cpuTime(of: daemon)
        sleep(until: begin + .seconds(cycles))
        return Run(
            cycles: cycles,
            own: try cpuTime(of: child.pid) - own,
            daemon: try cpuTime(of: daemon) - others,
            lines: try lineCount(output) - lines,
            resident: try kibibytes("Rss", of: child.pid), proportional: try kibibytes("Pss", of: child.pid))
    }

    /// Milliseconds from the program's start to its first line.
    func timeToFirstOutput(_ program: Program) throws -> Double {
        let begin = ContinuousClock.now
        let (child, output) = try start(program)
        defer { stop(child) }
        return (try awaitOutput(output, of: child) - begin) / .milliseconds(1)
    }

    private func start(_ program: Program) throws -> (child: ChildProcess, output: String) {
        let directory = try scratch.directory()
        let log = open(directory + "/" + Program.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        defer { close(log) }
        let arguments = try program.arguments(directory, Self.warmUp + cycles + 2)
        let child = try ChildProcess(program.executable, arguments, output: log, error: log)
        guardian.watch(child)
        return (child, directory + "/" + program.firstOutput)
    }

    private func stop(_ child: ChildProcess) {
        child.signal(SIGTERM)
        if child.status(within: .seconds(10)) == nil { child.signal(SIGKILL) }
        _ = child.status(within: .seconds(10))
    }

    private func awaitOutput(_ path: String, of child: ChildProcess) throws -> ContinuousClock.Instant {
        let deadline = ContinuousClock.now + .seconds(30)
        var status = stat()
        while stat(path, &status) != 0 || status.st_size == 0 {
            guard ContinuousClock.now < deadline, child.status(within: .zero) == nil else {
                let log = URL(filePath: path).deletingLastPathComponent().appending(path: Program.log)
                throw ShellError(command: "run", reason: "no output: " + (try String(contentsOf: log, encoding: .utf8)))
            }
            usleep(200)
        }
        return .now
    }

    private func sleep(until moment: ContinuousClock.Instant) {
        let left = (moment - .now) / .microseconds(1)
        if left > 0 { usleep(UInt32(left)) }
    }

    private func lineCount(_ path: String) throws -> Int {
        try Data(contentsOf: URL(filePath: path)).count { $0 == UInt8(ascii: "\n") }
    }
}
