// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// Stands before a real service on a port of 127.0.0.1, and makes trouble when a test says so. Each connection has a
/// thread.
package final class TroubledProxy: Sendable {
    package enum Trouble: Sendable, Hashable {
        case none
        /// The port is closed, and all connections are reset.
        case absent
        /// Connections are taken, and those that there are stay; nothing comes any more. What was sent meanwhile gets
        /// through when it is over.
        case hung
        /// So much of each answer comes, in bytes, and then nothing.
        case hungMidway(Int)
        /// Each piece of an answer comes so much later, in milliseconds.
        case slow(Int)
        /// Whatever is asked, this is answered, and the connection closed.
        case rubbish(String)
    }

    private struct State {
        var trouble = Trouble.none
        /// Grows with each change.
        var turn = 0
        var listener: Int32 = -1
        var asked = 0
        var isEnded = false
    }

    package let port: Int
    private let target: Int
    private let state = Mutex(State())
    private let replacements: [(from: [UInt8], to: [UInt8])]

    /// - Parameters:
    ///   - target: the service's port.
    ///   - replacing: texts in answers by others as long, such as the ports of other services in Keystone's catalog.
    ///   - isNamed: whether answers name the service's own port, to be replaced by this one's.
    package init(to target: Int, replacing: [String: String] = [:], isNamed: Bool = false, _ trouble: Trouble = .none)
        throws
    {
        self.target = target
        let listener = try Self.listening(on: 0)
        port = listener.port
        let own = isNamed ? [":\(target)/": ":\(listener.port)/"] : [:]
        replacements = replacing.merging(own) { $1 }.map { (Array($0.key.utf8), Array($0.value.utf8)) }
        precondition(replacements.allSatisfy { $0.from.count == $0.to.count })
        state.withLock { $0.listener = listener.descriptor }
        Thread.detachNewThread { [self] in acceptAll(listener.descriptor) }
        try begin(trouble)
    }

    /// Connections taken in the trouble of now.
    package var asked: Int { state.withLock { $0.asked } }

    package func begin(_ trouble: Trouble) throws {
        let (before, listener) = state.withLock { state in
            defer {
                state.trouble = trouble
                state.turn += 1
                state.asked = 0
                if trouble == .absent { state.listener = -1 }
            }
            return (state.trouble, state.listener)
        }
        if trouble == .absent, before != .absent {
            shutdown(listener, Int32(SHUT_RDWR))
        } else if before == .absent, trouble != .absent {
            let new = try Self.listening(on: UInt16(port))
            state.withLock { $0.listener = new.descriptor }
            Thread.detachNewThread { [self] in acceptAll(new.descriptor) }
        }
    }

    package func end() {
        let listener = state.withLock { state in
            defer { (state.isEnded, state.listener) = (true, -1) }
            return state.listener
        }
        if listener >= 0 { shutdown(listener, Int32(SHUT_RDWR)) }
    }

    private static func listening(on port: UInt16) throws -> (descriptor: Int32, port: Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        // The one before may take a moment to go.
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            do {
                let port = try LoopbackAddress.bind(listener, port: port)
                guard listen(listener, 128) == 0 else { throw POSIXError(.EADDRINUSE) }
                return (listener, Int(port))
            } catch {
                guard ContinuousClock.now < deadline else { throw error }
                usleep(10_000)
            }
        }
    }

    private func acceptAll(_ listener: Int32) {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            state.withLock { $0.asked += 1 }
            Thread.detachNewThread { [self] in
                serve(client)
                close(client)
            }
        }
        close(listener)
    }

    private func reset(_ descriptor: Int32) {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }

    private func connected() -> Int32? {
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(target).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if result == 0 { return server }
        close(server)
        return nil
    }

    private func serve(_ client: Int32) {
        var server: Int32?
        defer { if let server { close(server) } }
        var answered = 0
        var turn = -1
        while true {
            let (trouble, now, isEnded) = state.withLock { ($0.trouble, $0.turn, $0.isEnded) }
            if isEnded || trouble == .absent { return reset(client) }
            if now != turn { (answered, turn) = (0, now) }
            if case .rubbish(let text) = trouble {
                guard isReady(client) else { continue }
                guard read(client) != nil else { return }
                // All that is asked, be it in pieces.
                while isReady(client) { guard read(client) != nil else { return } }
                _ = write(Array(text.utf8), to: client)
                shutdown(client, Int32(SHUT_WR))
                // A reset would take what was answered with it.
                while isReady(client), read(client) != nil {}
                return
            }
            if trouble == .hung {
                usleep(20_000)
                continue
            }
            if server == nil { server = connected() }
            guard let server else { return reset(client) }
            var both = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            if case .hungMidway(let most) = trouble, answered >= most {
                both.removeLast()
            }
            guard poll(&both, nfds_t(both.count), 20) > 0 else { continue }
            if both[0].revents != 0 {
                guard let bytes = read(client), write(bytes, to: server) else { return }
            }
            guard both.count == 2, both[1].revents != 0 else { continue }
            if case .slow(let pause) = trouble { usleep(UInt32(pause) * 1000) }
            var most = 1 << 16
            if case .hungMidway(let limit) = trouble { most = max(1, limit - answered) }
            guard let bytes = read(server, most), write(replaced(bytes), to: client) else { return }
            answered += bytes.count
        }
    }

    private func isReady(_ descriptor: Int32) -> Bool {
        var one = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&one, 1, 50) > 0
    }

    /// nil where the other side has closed.
    private func read(_ descriptor: Int32, _ most: Int = 1 << 16) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: most)
        let count = recv(descriptor, &buffer, most, 0)
        return count > 0 ? Array(buffer[..<count]) : nil
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        return true
    }

    private func replaced(_ bytes: [UInt8]) -> [UInt8] {
        replacements.reduce(bytes) { bytes, pair in
            bytes.replacing(pair.from, with: pair.to)
        }
    }
}
