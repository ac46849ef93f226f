// SPDX-License-Identifier: Apache-2.0
internal import CoreMetrics
package import Logging
internal import Synchronization

/// Says once when something begins to fail and once when it works again, whatever happens in between.
package final class FaultLog: Sendable {
    private let failing = Mutex<[String: Int]>([:])
    private let log: Logger

    package init(log: Logger) { self.log = log }

    /// `what` was tried: with this error, or well.
    ///
    /// - Parameter context: tells apart what bears the same name and may fail for itself; empty where there is none.
    package func note(_ what: String, in context: String = "", _ error: (any Error)?) {
        if error != nil { Counter(label: "failures_total", dimensions: [("what", what)]).increment() }
        let key = "\(what) \(context)"
        let count = failing.withLock { failing in
            guard error != nil else { return failing.removeValue(forKey: key) }
            failing[key, default: 0] += 1
            return failing[key]
        }
        guard let count else { return }
        var metadata: Logger.Metadata = context.isEmpty ? [:] : ["context": "\(context)"]
        if let error {
            metadata["error"] = "\(error)"
            metadata["cycles"] = "\(count)"
            log.log(level: count == 1 ? .error : .debug, "\(what) fails; trying again each cycle", metadata: metadata)
        } else {
            metadata["cycles missed"] = "\(count)"
            log.notice("\(what) works again", metadata: metadata)
        }
    }

    /// `what` was refused for good by some, and leaves them alone for a time.
    package func noteSilence(_ what: String, of ids: Set<String>, for time: Duration, _ error: any Error) {
        Counter(label: "failures_total", dimensions: [("what", what)]).increment()
        let names = ids.sorted().prefix(5).joined(separator: ", ") + (ids.count > 5 ? ", …" : "")
        log.error(
            "\(what) could not poll some resources; it leaves them alone for a time",
            metadata: ["error": "\(error)", "resources": "\(names)", "seconds": "\(time.components.seconds)"])
    }
}
