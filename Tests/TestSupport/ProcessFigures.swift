// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The CPU time a process has used, in nanoseconds, by all its threads.
///
/// From the kernel's clock for that process, which is as exact as `/proc/PID/task/*/schedstat` and, unlike their sum,
/// does not lose what threads used that have ended.
package func cpuTime(of pid: Int32) throws -> Int {
    var clock = clockid_t()
    var time = timespec()
    let failure = clock_getcpuclockid(pid, &clock)
    guard failure == 0, clock_gettime(clock, &time) == 0 else {
        throw ShellError(command: "CPU clock of process \(pid)", reason: String(cString: strerror(max(failure, errno))))
    }
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// A line of a file in `/proc/PID`, in KiB: `Rss`, `Pss` of `smaps_rollup`; `VmHWM`, the most ever resident, of `status`.
package func kibibytes(_ name: String, of pid: Int32, in file: String = "smaps_rollup") throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(pid)/\(file)", encoding: .utf8)
    let line = text.split(separator: "\n").first { $0.hasPrefix(name + ":") }
    guard let figure = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) }) else {
        throw ShellError(command: "\(file) of process \(pid)", reason: "no \(name)")
    }
    return figure
}

/// A process and those that descend from it, now.
package func processFamily(of pid: Int32) throws -> [Int32] {
    let children = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").flatMap { thread in
        try String(contentsOfFile: "/proc/\(pid)/task/\(thread)/children", encoding: .utf8).split(separator: " ")
    }
    return try [pid] + children.compactMap { Int32($0) }.flatMap(processFamily)
}
