// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import JSONText
internal import Synchronization

/// The plug-in's own calls, to the host: lines with a method on standard output, answered on standard input.
final class HostConnection: Sendable {
    private struct State {
        var nextID = 1
        var waiting: [Int: CheckedContinuation<WireValue, any Error>] = [:]
        var hasEnded = false
    }

    private let output: LineOutput
    private let state = Mutex(State())

    init(_ output: LineOutput) { self.output = output }

    /// - Throws: ``RPCError`` as the host answered it, or where the host is gone.
    func call(_ method: String, _ parameters: WireValue) async throws -> WireValue {
        var text: [UInt8] = []
        text.appendJSON(parameters)
        return try await withCheckedThrowingContinuation { continuation in
            let id = state.withLock { state -> Int? in
                guard !state.hasEnded else { return nil }
                defer { state.nextID += 1 }
                state.waiting[state.nextID] = continuation
                return state.nextID
            }
            guard let id else { return continuation.resume(throwing: RPCError(.failed, "the host is ending")) }
            output.put(RPCRequest.line(id, method, text))
        }
    }

    /// Whether it is an answer to a call of ours.
    func takes(_ value: WireValue) -> Bool {
        guard value["method"] == nil, value["result"] != nil || value["error"] != nil,
            let answer = try? RPCAnswer(value), let id = answer.id,
            let waiting = state.withLock({ $0.waiting.removeValue(forKey: id) })
        else { return false }
        waiting.resume(with: answer.result.mapError { $0 as any Error })
        return true
    }

    /// No answer comes any more.
    func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for call in waiting { call.resume(throwing: RPCError(.failed, "the host is ending")) }
    }
}

/// The host as one entry point reaches it: each call says whose it is.
struct EntryHost: FleetHost {
    private let connection: HostConnection
    private let entry: String

    init(_ connection: HostConnection, entry: String) {
        self.connection = connection
        self.entry = entry
    }

    func call(_ method: String, _ parameters: JSONObject) async throws -> JSONValue {
        var parameters = parameters
        parameters["extension"] = .string(entry)
        do {
            return JSONValue(try await connection.call(method, WireValue(parameters)))
        } catch let error as RPCError where error.code == RPCError.Code.refused.rawValue {
            throw FleetRefusal(error.description)
        }
    }
}
