// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport

/// A directory for configurations and output, with a fresh one inside for each run.
final class Scratch: Sendable {
    private let path: String
    private let count = Atomic(0)

    init() throws {
        var template = Array("/tmp/agent-benchmark.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ShellError(command: "mkdtemp", reason: String(cString: strerror(errno)))
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { remove() }

    func directory() throws -> String {
        let directory = "\(path)/\(count.add(1, ordering: .relaxed).newValue)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return directory
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Ends the program under measurement when somebody interrupts us; it has a process group of its own, and would run on.
final class Guardian: Sendable {
    private let child = Mutex<ChildProcess?>(nil)
    private let sources: [any DispatchSourceSignal]

    init(_ scratch: Scratch) {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [weak self] in
                self?.child.withLock { $0?.signal(SIGKILL) }
                scratch.remove()
                exit(130)  // and the lab goes with us
            }
            source.activate()
        }
    }

    func watch(_ child: ChildProcess) { self.child.withLock { $0 = child } }

    func end() { for source in sources { source.cancel() } }
}
