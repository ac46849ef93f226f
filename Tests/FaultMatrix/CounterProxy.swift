// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport

/// Stands between an agent and libvirtd, and adds to the counters that libvirtd tells of domains: what a guest that
/// runs for centuries would have, or one whose counters begin anew.
///
/// It knows as much of libvirt's protocol as it needs: messages begin with their length, and a counter is its name, a
/// type and eight bytes (RFC 4506, "XDR").
final class CounterProxy: Sendable {
    /// `VIR_TYPED_PARAM_ULLONG` as the protocol has it.
    private static let unsignedHyper: [UInt8] = [0, 0, 0, 4]
    private static let headerLength = 28

    let uri: String
    private let listener: UnixSocket
    private let target: String
    private let names: [[UInt8]]
    private let added = Mutex<UInt64>(0)

    /// - Parameters:
    ///   - target: libvirtd's socket.
    ///   - counters: libvirt's names of those to change, such as `cpu.time`.
    init(to target: String, counters: [String]) throws {
        listener = try UnixSocket(.stream)
        uri = "qemu:///system?socket=\(listener.address)"
        self.target = target
        names = counters.map(Self.encoded)
        // The socket is the thread's as well: a closed one's number is the next one's.
        Thread.detachNewThread { [weak self, listener] in
            while case let client = accept(listener.descriptor, nil, nil), client >= 0, let self { self.serve(client) }
        }
    }

    deinit { shutdown(listener.descriptor, Int32(SHUT_RDWR)) }

    /// From now on this much is added to each of them; past 2^64 they begin anew.
    func add(_ amount: UInt64) { added.withLock { $0 = amount } }

    private func serve(_ client: Int32) {
        guard let server = try? UnixSocket.connected(to: target) else {
            close(client)
            return
        }
        // Each thread ends when either side does: that closes both.
        Thread.detachNewThread { Self.relay(client, server) { _ in } }
        Thread.detachNewThread { [weak self] in
            Self.relay(server, client) { self?.change(&$0) }
            close(client)
            close(server)
        }
    }

    private static func relay(_ source: Int32, _ sink: Int32, _ change: (inout [UInt8]) -> Void) {
        while var message = read(from: source) {
            change(&message)
            guard write(message, to: sink) else { break }
        }
        shutdown(source, Int32(SHUT_RDWR))
        shutdown(sink, Int32(SHUT_RDWR))
    }

    private static func read(from source: Int32) -> [UInt8]? {
        guard let length = bytes(4, from: source) else { return nil }
        let total = length.reduce(0) { $0 << 8 | Int($1) }
        guard total > headerLength - 4, let rest = bytes(total - 4, from: source) else { return nil }
        return length + rest
    }

    private static func bytes(_ count: Int, from source: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: count)
        let received = recv(source, &buffer, count, Int32(MSG_WAITALL))
        return received == count ? buffer : nil
    }

    private static func write(_ message: [UInt8], to sink: Int32) -> Bool {
        var rest = message[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(sink, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    private func change(_ message: inout [UInt8]) {
        let amount = added.withLock { $0 }
        guard amount != 0 else { return }
        for name in names {
            var start = Self.headerLength
            while let found = message[start...].firstRange(of: name) {
                let value = found.upperBound..<min(found.upperBound + 8, message.count)
                let sum = message[value].reduce(0) { $0 << 8 | UInt64($1) } &+ amount
                for (index, place) in value.enumerated() {
                    message[place] = UInt8(truncatingIfNeeded: sum >> (56 - 8 * index))
                }
                start = value.upperBound
            }
        }
    }

    private static func encoded(_ name: String) -> [UInt8] {
        let length = withUnsafeBytes(of: UInt32(name.utf8.count).bigEndian) { [UInt8]($0) }
        let padding = [UInt8](repeating: 0, count: (4 - name.utf8.count % 4) % 4)
        return length + Array(name.utf8) + padding + unsignedHyper
    }
}
