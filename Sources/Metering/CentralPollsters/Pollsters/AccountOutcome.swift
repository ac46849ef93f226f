// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Telemetry

/// What became of a project's account in an object store, where each is asked for by itself.
enum AccountOutcome: Sendable {
    case read([Sample])
    /// The project has no account.
    case absent
    /// The store doesn't let us see this one.
    case refused(String, any Error)
    case failed(any Error)

    var failure: (any Error)? { if case .failed(let error) = self { error } else { nil } }

    /// The samples of all, where some were answered: then one that failed costs only itself, which is told.
    ///
    /// - Parameter what: was asked for, for the log.
    /// - Throws: why none was answered; ``PollsterPermanentError`` for those that may not be seen.
    static func samples(_ outcomes: [Self], of what: String, telling faults: FaultLog) throws -> [Sample] {
        var samples: [Sample] = []
        var refused: [String: any Error] = [:]
        var failures: [any Error] = []
        var answers = 0
        for outcome in outcomes {
            switch outcome {
            case .read(let new):
                samples += new
                answers += 1
            case .absent: answers += 1
            case .refused(let id, let error): refused[id] = error
            case .failed(let error): failures.append(error)
            }
        }
        // Of those that were cut short, whoever was first says why.
        let failure = failures.first { !($0 is CancellationError) } ?? failures.first
        if let failure, answers == 0 { throw failure }
        // Cut short by our own end, nothing has failed.
        if !Task.isCancelled { faults.note(what, failure) }
        if let error = refused.values.first {
            throw PollsterPermanentError("\(error)", resourceIDs: Set(refused.keys), samples: samples)
        }
        return samples
    }
}
