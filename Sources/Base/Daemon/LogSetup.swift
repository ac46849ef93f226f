// SPDX-License-Identifier: Apache-2.0
package import Logging
internal import Synchronization

/// Where a service's log goes: standard error, a line an entry, at a level that a reload can change.
package enum LogSetup {
    private static let current = Mutex(Logger.Level.info)

    /// Of every logger in the process.
    package static var level: Logger.Level {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// Once in the process.
    package static func bootstrap() {
        LoggingSystem.bootstrap { LevelledHandler(handler: StreamLogHandler.standardError(label: $0)) }
    }
}

/// A handler whose level is the process's, unless it was given one of its own.
private struct LevelledHandler: LogHandler {
    var handler: StreamLogHandler
    private var own: Logger.Level?

    init(handler: StreamLogHandler) { self.handler = handler }

    var logLevel: Logger.Level {
        get { own ?? LogSetup.level }
        set { own = newValue }
    }

    var metadata: Logger.Metadata {
        get { handler.metadata }
        set { handler.metadata = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { handler[metadataKey: key] }
        set { handler[metadataKey: key] = newValue }
    }

    func log(event: LogEvent) { handler.log(event: event) }
}
