// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// What one run used between two moments, each half an interval away from the nearest cycles.
struct Run {
    var cycles: Int
    /// CPU time of the program and of libvirtd, in nanoseconds.
    var own: Int
    var daemon: Int
    /// Samples of the marker that the program wrote meanwhile.
    var lines: Int
    /// Resident and proportional set size at the end, in KiB.
    var resident: Int
    var proportional: Int
}

/// Runs programs, one after the other, against one libvirtd.
struct Stage {
    /// libvirtd; nil where the hypervisor is in the program itself.
    var daemon: Int32?
    var cycles: Int
    var scratch: Scratch
    var guardian: Guardian

    /// Cycles before the measured ones: connections, caches, and what a program does once.
    private static let warmUp = 3

    func measure(_ program: Program) throws -> Run {
        let started = try start(program)
        defer { started.stop() }
        // From the first cycle's end on, cycle n comes at n intervals: we look in the middle between two.
        let begin = try started.awaitOutput() + .milliseconds((1000 * Self.warmUp - 500) * program.interval)
        let family = try processFamily(of: started.child.pid)
        sleep(until: begin)
        let lines = try started.lineCount()
        let own = try family.sum(cpuTime)
        let others = try daemonTime()
        sleep(until: begin + .seconds(cycles * program.interval))
        return Run(
            cycles: cycles,
            own: try family.sum(cpuTime) - own, daemon: try daemonTime() - others,
            lines: try started.lineCount() - lines,
            resident: try family.sum { try kibibytes("Rss", of: $0) },
            proportional: try family.sum { try kibibytes("Pss", of: $0) })
    }

    private func daemonTime() throws -> Int { try daemon.map(cpuTime) ?? 0 }

    /// How many samples one poll of the agent's makes.
    func sampleCount(_ agent: Program) throws -> Int {
        let directory = try scratch.directory()
        _ = try agent.arguments(directory, 1)
        let outcome = try Shell.run(agent.executable, Program.singlePoll(directory), timeout: .seconds(60))
        guard outcome.status == 0 else { throw ShellError(command: agent.executable, reason: outcome.error) }
        return outcome.output.utf8.count { $0 == UInt8(ascii: "\n") }
    }

    /// Milliseconds from the program's start to its first line.
    func timeToFirstOutput(_ program: Program) throws -> Double {
        let started = try start(program)
        defer { started.stop() }
        return (try started.awaitOutput() - started.begin) / .milliseconds(1)
    }

    private func start(_ program: Program) throws -> StartedProgram {
        let started = try StartedProgram(program, directory: try scratch.directory(), cycles: Self.warmUp + cycles + 2)
        guardian.watch(started.child)
        return started
    }

    private func sleep(until moment: ContinuousClock.Instant) {
        let left = (moment - .now) / .microseconds(1)
        if left > 0 { usleep(UInt32(left)) }
    }
}

extension [Int32] {
    fileprivate func sum(_ figure: (Int32) throws -> Int) rethrows -> Int { try reduce(0) { $0 + (try figure($1)) } }
}
