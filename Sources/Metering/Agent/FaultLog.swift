// SPDX-License-Identifier: Apache-2.0
internal import Synchronization
package import Logging

/// Says once when something begins to fail and once when it works again, whatever happens in between.
package final class FaultLog: Sendable {
    private let failing = Mutex<[String: Int]>([:])
    private let log: Logger

    package init(log: Logger) { self.log = log }

    /// `what` was tried: with this error, or well.
    package func note(_ what: String, _ error: (any Error)?) {
        let count = failing.withLock { failing in
            guard error != nil else { return failing.removeValue(forKey: what) }
            failing[what, default: 0] += 1
            return failing[what]
        }
        guard let count else { return }
        if let error {
            log.log(
                level: count == 1 ? .error : .debug, "\(what) fails; trying again each cycle",
                metadata: ["error": "\(error)", "cycles": "\(count)"])
        } else {
            log.notice("\(what) works again", metadata: ["cycles missed": "\(count)"])
        }
    }
}
