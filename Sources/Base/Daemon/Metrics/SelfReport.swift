// SPDX-License-Identifier: Apache-2.0
package import Logging
internal import ServiceLifecycle

/// Tells in the log now and then what the process did so far.
package struct SelfReport: Service {
    private let memory: MetricsMemory
    /// Asked each time, since a reload may change it; zero is never.
    private let interval: @Sendable () async -> Duration
    private let log: Logger

    package init(_ memory: MetricsMemory, every interval: @escaping @Sendable () async -> Duration, log: Logger) {
        self.memory = memory
        self.interval = interval
        self.log = log
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let pause = await interval()
                // None wanted: a reload may want some.
                guard (try? await Task.sleep(for: pause > .zero ? pause : .seconds(60))) != nil else { return }
                if pause > .zero { tell() }
            }
        }
        tell()
    }

    /// One line with every figure that was recorded.
    private func tell() {
        var metadata: Logger.Metadata = [:]
        for figure in memory.figures {
            let key = figure.labels.isEmpty ? figure.name : "\(figure.name){\(figure.labelText)}"
            metadata[key] = "\(figure)"
        }
        if !metadata.isEmpty { log.info("figures so far", metadata: metadata) }
    }
}
