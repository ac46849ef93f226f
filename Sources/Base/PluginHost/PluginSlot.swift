// SPDX-License-Identifier: Apache-2.0
package import HypsometerKit
package import JSONText
internal import Synchronization
internal import Telemetry

/// The place of one plug-in: whoever uses it asks here, and a reload may put another process in it.
package final class PluginSlot: Sendable {
    package let name: String
    private let process = Mutex<PluginProcess?>(nil)
    /// Why there is no process.
    private let absence = Mutex("is not loaded")

    init(name: String) { self.name = name }

    /// - Returns: the one before.
    func put(_ new: PluginProcess?, absence reason: String = "is not loaded") -> PluginProcess? {
        absence.withLock { $0 = reason }
        return process.withLock { process in
            defer { process = new }
            return process
        }
    }

    var current: PluginProcess? { process.withLock { $0 } }

    /// - Throws: ``PluginError``, or what the plug-in itself answered, an ``RPCError``.
    package func call(
        _ method: PluginProtocol.Method, _ parameters: [UInt8], within limit: Duration? = nil
    ) async throws -> WireValue {
        guard let process = current else { throw PluginError(name, absence.withLock { $0 }) }
        return try await process.call(method.rawValue, parameters, within: limit)
    }

    /// As ``call(_:_:within:)``, for threads that may wait.
    func callBlocking(_ method: PluginProtocol.Method, _ parameters: [UInt8]) throws -> WireValue {
        guard let process = current else { throw PluginError(name, absence.withLock { $0 }) }
        return try process.callBlocking(method.rawValue, parameters)
    }

    /// What is left of a cycle.
    func timeLeft(of cycle: PollingCycle) throws -> Duration {
        let left = cycle.deadline.seconds(since: .now)
        guard left > 0 else { throw PluginError(name, "was not asked: the cycle's time is over") }
        return .seconds(left)
    }

    /// Why it can't be called, where there is nothing to call.
    package var whyAbsent: String? { current == nil ? absence.withLock { $0 } : nil }

    /// What an error of a call is for who called: the plug-in's name before its own words.
    func named(_ error: any Error) -> any Error {
        switch error {
        case let error as RPCError: PluginError(name, "failed: \(error)")
        case let error as WireError: PluginError(name, "answered what can't be used: \(error)")
        default: error
        }
    }
}

extension WireValue {
    /// As JSON.
    package var json: [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendJSON(self)
        return bytes
    }
}
