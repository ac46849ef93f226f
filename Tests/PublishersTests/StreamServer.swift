// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport
import Wire

/// Takes streams of length-prefixed messages, as a Ceilometer collector does.
final class StreamServer: Sendable {
    private struct State {
        var streams: [[UInt8]] = []
        var descriptors: [Int32] = []
    }

    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    init(isReading: Bool = true) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        port = try LoopbackAddress.bind(listener)
        guard listen(listener, 4) == 0 else { throw POSIXError(.EIO) }
        Thread.detachNewThread { [self] in
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                let number = state.withLock { state in
                    state.streams.append([])
                    state.descriptors.append(descriptor)
                    return state.streams.count - 1
                }
                if isReading { Thread.detachNewThread { [self] in read(descriptor, number) } }
            }
        }
    }

    private func read(_ descriptor: Int32, _ number: Int) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
            state.withLock { $0.streams[number] += buffer[..<count] }
        }
    }

    func hangUp(_ number: Int) { shutdown(state.withLock { $0.descriptors[number] }, Int32(SHUT_RDWR)) }

    /// Waits for so many whole messages of a connection.
    func messages(_ count: Int, of number: Int) async throws -> [WireValue] {
        while true {
            let bytes = state.withLock { $0.streams.indices.contains(number) ? $0.streams[number] : [] }
            var messages: [WireValue] = []
            var rest = bytes[...]
            while rest.count >= 8 {
                let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
                guard rest.count >= 8 + length else { break }
                messages.append(
                    try WireValue(messagePack: Array(rest.dropFirst(8).prefix(length)), within: .init(bytes: 1 << 20)))
                rest = rest.dropFirst(8 + length)
            }
            if messages.count >= count { return messages }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
