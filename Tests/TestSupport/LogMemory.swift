// SPDX-License-Identifier: Apache-2.0
package import Logging
import Synchronization

/// Keeps what is logged, for tests of what an operator reads.
package final class LogMemory: Sendable {
    private let entries = Mutex<[String]>([])

    package init() {}

    /// Each `level: message key=value …`, the keys sorted.
    package var lines: [String] { entries.withLock { $0 } }

    /// A logger of every level that ends here.
    package var logger: Logger {
        Logger(label: "test") { _ in Handler(memory: self) }
    }

    private struct Handler: LogHandler {
        let memory: LogMemory
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let pairs = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
            memory.entries.withLock { $0.append("\(event.level): \(event.message)" + pairs.joined()) }
        }
    }
}
