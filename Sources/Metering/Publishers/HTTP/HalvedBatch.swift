// SPDX-License-Identifier: Apache-2.0
internal import Pipelines

/// Finds the samples of a batch that a store refuses, where the store refuses the whole batch for them: half of it is
/// sent, and half of that, until those that are left are refused by themselves.
enum HalvedBatch {
    /// A batch takes so many requests at most: what is refused after that is refused as it stands. Twelve refused
    /// samples of a thousand are found by then.
    private static let mostRequests = 128

    /// - Parameter post: sends some of them; those that were taken already may come again.
    /// - Returns: the samples that were refused.
    static func send(
        _ samples: [SpooledSample], _ post: (ArraySlice<SpooledSample>) async throws -> HTTPAnswer
    ) async throws -> [DeadLetter] {
        var parts = samples.isEmpty ? [] : [samples[...]]
        var letters: [DeadLetter] = []
        var requests = 0
        while let part = parts.popLast() {
            requests += 1
            let answer = try await post(part)
            switch answer.storeMeaning {
            case .taken: break
            case .refused, .tooLarge:
                // What is too large is sent in pieces whatever that takes: nothing is wrong with any of it.
                guard part.count > 1, requests < mostRequests || answer.storeMeaning == .tooLarge else {
                    letters += part.map { $0.deadLetter(answer.words) }
                    continue
                }
                let middle = part.startIndex + part.count / 2
                // In their order: the store wants the older ones first.
                parts += [part[middle...], part[..<middle]]
            case .unauthorized, .later: throw answer.postponement
            }
        }
        return letters
    }
}

extension HTTPAnswer {
    /// As stores of time series mean it: every other 4xx is for good, unless an operator may mend it.
    var storeMeaning: Meaning {
        switch status {
        case 404, 405, 407, 408, 421, 425, 429: .later
        case 402..<500 where meaning == .later: .refused
        default: meaning
        }
    }
}
