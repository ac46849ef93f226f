// SPDX-License-Identifier: Apache-2.0
internal import HypsometerKit
package import JSONText
internal import Synchronization

/// What plug-ins may call of the host's: lines with a method on their standard output, answered on their standard input.
package final class HostCalls: Sendable {
    /// - Throws: ``HostRefusal`` where it is not allowed; other errors are told as failures.
    package typealias Body = @Sendable (_ method: String, _ parameters: WireValue) async throws -> WireValue

    /// Calls of one plug-in that are under way at one time; further ones are refused.
    static let mostAtOnce = 64

    package let methods: [String]
    private let body: Body
    private let running = Mutex<[ObjectIdentifier: Int]>([:])

    package init(methods: [String], _ body: @escaping Body) {
        self.methods = methods
        self.body = body
    }

    /// Answers the call in a task of its own.
    ///
    /// - Returns: what is wrong with the line.
    func take(_ value: WireValue, of process: PluginProcess) -> String? {
        let request: RPCRequest
        do throws(RPCError) { request = try RPCRequest(value) } catch {
            return "sent a call that can't be read: \(error)"
        }
        let life = process.calls.life
        let key = ObjectIdentifier(process)
        @Sendable func reply(_ result: Result<[UInt8], RPCError>) {
            if process.calls.reply(RPCAnswer.line(request.id, result), toLife: life) { process.wake.up() }
        }
        guard methods.contains(request.method) else {
            reply(.failure(RPCError(.unknownMethod, "no method \(WireValue.string(request.method).shown)")))
            return nil
        }
        let isFree = running.withLock { running in
            guard running[key, default: 0] < Self.mostAtOnce else { return false }
            running[key, default: 0] += 1
            return true
        }
        guard isFree else {
            reply(.failure(RPCError(.failed, "more than \(Self.mostAtOnce) calls at a time; wait for answers")))
            return nil
        }
        Task {
            reply(await answer(request, entries: process.start.entries.map(\.name)))
            running.withLock { running in
                running[key, default: 1] -= 1
                if running[key] == 0 { running[key] = nil }
            }
        }
        return nil
    }

    private func answer(_ request: RPCRequest, entries: [String]) async -> Result<[UInt8], RPCError> {
        do {
            // A plug-in speaks for its own entry points alone.
            let name = try request.parameters.text("extension")
            guard entries.contains(name) else {
                throw RPCError(.refused, "this plug-in has no entry point \(WireValue.string(name).shown)")
            }
            return .success(try await body(request.method, request.parameters).json)
        } catch let error as RPCError {
            return .failure(error)
        } catch let error as WireError {
            return .failure(RPCError(error))
        } catch let error as HostRefusal {
            return .failure(RPCError(.refused, error.description))
        } catch {
            return .failure(RPCError(.failed, "\(error)"))
        }
    }
}

/// Why the host doesn't do what a plug-in asked for.
package struct HostRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String

    package init(_ reason: String) { description = reason }
}
