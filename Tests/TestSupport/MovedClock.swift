// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A wall clock of a program's own, which a test may set; its monotonic clock goes on.
package final class MovedClock: Sendable {
    private static let source = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "MovedClock/moved-clock.c"
    ).path

    /// The library to preload, made once; the reason where it can't be.
    private static let library: Result<String, any Error> = Result {
        let path = NSTemporaryDirectory() + "moved-clock-\(getpid()).so"
        let (status, _, error) = try Shell.run("clang", ["-shared", "-fPIC", "-O1", "-o", path, source, "-ldl"])
        guard status == 0 else { throw ShellError(command: "clang", reason: error) }
        atexit { unlink(NSTemporaryDirectory() + "moved-clock-\(getpid()).so") }
        return path
    }

    /// Why no clock can be set here; nil where it can.
    package static var unavailable: String? {
        if case .failure(let error) = library { "no library can be made to set a clock: \(error)" } else { nil }
    }

    private let file: String
    /// For the programs that have this clock.
    package let environment: [String: String]

    package init(in directory: TemporaryDirectory) throws {
        file = directory("clock")
        environment = ["LD_PRELOAD": try Self.library.get(), "MOVED_CLOCK_FILE": file]
        try Data(count: 8).write(to: URL(filePath: file))
    }

    /// - Parameter seconds: how far it is off from the system's.
    package func set(_ seconds: Int64) {
        let descriptor = open(file, O_WRONLY | O_CLOEXEC)
        defer { close(descriptor) }
        var seconds = seconds
        pwrite(descriptor, &seconds, 8, 0)
    }
}
