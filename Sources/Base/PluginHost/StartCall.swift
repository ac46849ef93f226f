// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
internal import JSONText
internal import Synchronization

/// The answer to a start, on its way from the call to the thread.
final class StartCall: Sendable {
    private let answer = Mutex<Result<WireValue, any Error>?>(nil)

    func take(_ result: Result<WireValue, any Error>) { answer.withLock { $0 = result } }

    /// Once it is there.
    ///
    /// - Returns: what is wrong with it.
    func takeUp(by process: PluginProcess) -> String? {
        let result = answer.withLock { answer in
            defer { answer = nil }
            return answer
        }
        guard let result else { return nil }
        do {
            let answer = try StartAnswer(try result.get())
            if let flaw = answer.flaw(asAnswerTo: process.start) { return "answered start wrongly: \(flaw)" }
            if let first = process.firstAnswer, first != answer {
                return "offers something else than at its first start"
            }
            process.calls.becomeReady()
            process.note(answer.whyDisabled.map { .init(state: .disabled, reason: $0) } ?? .init(state: .running))
            process.settleStart(.success(answer))
            return nil
        } catch let error as RPCError {
            return "refused to start: \(error)"
        } catch {
            return "answered start wrongly: \(error)"
        }
    }
}

extension StartAnswer {
    /// nil where some entry point takes part.
    var whyDisabled: String? {
        if let disabled { return disabled }
        guard entries.allSatisfy({ $0.disabled != nil }) else { return nil }
        var reasons: [String] = []
        for reason in entries.compactMap(\.disabled) where !reasons.contains(reason) { reasons.append(reason) }
        return reasons.joined(separator: "; ")
    }

    fileprivate func flaw(asAnswerTo start: StartMessage) -> String? {
        if version != PluginProtocol.version {
            return "protocol \(version); allowed: \(PluginProtocol.version)"
        }
        if disabled != nil { return nil }
        for wanted in start.entries {
            let answers = entries.filter { $0.namespace == wanted.namespace && $0.name == wanted.name }
            guard answers.count == 1 else {
                return "\(answers.count) answers for [\(wanted.namespace)] \(wanted.name); allowed: 1"
            }
            if wanted.namespace.hasPrefix("ceilometer.poll."), answers[0].disabled == nil, answers[0].meters.isEmpty {
                return "no meters of [\(wanted.namespace)] \(wanted.name); allowed: at least one"
            }
        }
        return entries.count == start.entries.count ? nil : "entry points that nobody asked for"
    }
}
