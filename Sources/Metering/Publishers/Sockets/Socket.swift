// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Pipelines
internal import Telemetry

/// A connected socket that never blocks for longer than it is told to. All calls may block for so long, and belong on
/// a thread of one's own.
struct Socket: ~Copyable {
    enum Kind: Sendable { case stream, datagram }

    private let descriptor: Int32

    /// Connects to the first address of a host that answers. Finding the addresses takes as long as the system's
    /// resolver does.
    init(_ kind: Kind, to target: HostPort, within limit: Duration) throws {
        var hints = addrinfo()
        hints.ai_socktype = Int32((kind == .stream ? SOCK_STREAM : SOCK_DGRAM).rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(target.host, String(target.port), &hints, &list)
        guard code == 0 else { throw SocketError("find \(target.host)", String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var failure: any Error = SocketError("find \(target.host)", "it has no address")
        var next = list
        while let address = next?.pointee {
            do {
                self.init(descriptor: try Self.connected(address, target, within: limit))
                return
            } catch {
                failure = error
            }
            next = address.ai_next
        }
        throw failure
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    private static func connected(_ address: addrinfo, _ target: HostPort, within limit: Duration) throws -> Int32 {
        let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.ai_family, address.ai_socktype | flags, address.ai_protocol)
        guard descriptor >= 0 else { throw WriteError.last("open a socket to \(target)") }
        do {
            if connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
                guard errno == EINPROGRESS else { throw WriteError.last("connect to \(target)") }
                try wait(descriptor, for: POLLOUT, until: .now + limit, "connect to \(target)")
                var failure: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size)
                guard failure == 0 else { throw WriteError(action: "connect to \(target)", number: failure) }
            }
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func wait(
        _ descriptor: Int32, for events: Int32, until deadline: MonotonicTime, _ action: String
    ) throws {
        while true {
            let left = deadline.seconds(since: .now)
            guard left > 0 else { throw SocketError(action, "no answer in time") }
            var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let count = poll(&entry, 1, Int32(left * 1000) + 1)
            if count > 0 { return }
            guard count == 0 || errno == EINTR else { throw WriteError.last(action) }
        }
    }

    /// One datagram, at once or not at all.
    func send(_ datagram: [UInt8]) throws {
        guard Glibc.send(descriptor, datagram, datagram.count, Int32(MSG_NOSIGNAL)) == datagram.count else {
            throw WriteError.last("send a datagram of \(datagram.count) bytes")
        }
    }

    /// Writes all bytes to a stream, as long as each write gets on within the limit, and returns once the other side's
    /// TCP has acknowledged them.
    func write(_ bytes: [UInt8], within limit: Duration) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress?.advanced(by: done), $0.count - done, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                try Self.wait(descriptor, for: POLLOUT, until: .now + limit, "send samples")
            } else if errno != EINTR {
                throw WriteError.last("send samples")
            }
        }
        try waitForAcknowledgement(until: .now + limit)
    }

    /// The kernel tells how much is unacknowledged, but not when that changes.
    private func waitForAcknowledgement(until deadline: MonotonicTime) throws {
        var pause: UInt32 = 200  // microseconds
        while true {
            var unsent: Int32 = 0
            guard ioctl(descriptor, UInt(TIOCOUTQ), &unsent) == 0 else { throw WriteError.last("send samples") }
            if unsent == 0 { return }
            try requireOpen()
            guard MonotonicTime.now < deadline else { throw SocketError("send samples", "no acknowledgement in time") }
            usleep(pause)
            pause = min(2 * pause, 50_000)
        }
    }

    /// Throws where the other side has closed or reset a stream, which a write alone shows too late.
    func requireOpen() throws {
        var byte: UInt8 = 0
        let count = recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT))
        if count == 0 { throw SocketError("send samples", "the other side has closed the connection") }
        if count < 0, errno != EAGAIN, errno != EINTR { throw WriteError.last("send samples") }
    }

    deinit { close(descriptor) }
}

/// Why a socket failed, where the system has no number for it.
struct SocketError: Error, Sendable, Hashable, CustomStringConvertible {
    var action: String
    var reason: String

    init(_ action: String, _ reason: String) {
        self.action = action
        self.reason = reason
    }

    var description: String { "could not \(action): \(reason)" }
}
