// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Glibc
package import Logging
internal import ServiceLifecycle
package import Settings
internal import Synchronization

/// Tells whoever connects when each meter was polled last: a socket in a directory, named and answering as Ceilometer's
/// `heartbeat_socket_dir` has it. The client says nothing; it gets the lines, and the connection ends.
package struct HeartbeatSocket: Service {
    /// Bytes, of the kernel's.
    private static let longestPath = 108

    private let path: String
    private let times: PollTimes
    private let log: Logger

    /// nil where `[polling] heartbeat_socket_dir` is empty.
    package init?(_ configuration: Configuration, times: PollTimes, log: Logger) throws(Mistake) {
        let directory = try configuration.value(AgentSettings.heartbeatDirectory)
        guard !directory.isEmpty else { return nil }
        let namespaces = Set(try configuration.value(AgentSettings.pollingNamespaces)).sorted()
        path = "\(directory)/ceilometer-\(namespaces.joined(separator: "-")).socket"
        self.times = times
        self.log = log
        guard path.utf8.count < Self.longestPath, access(directory, W_OK) == 0 else {
            let place = configuration.place(of: "polling", "heartbeat_socket_dir") ?? .init("polling")
            throw Mistake(
                place, "[polling] heartbeat_socket_dir", found: "\(directory.quoted), where no socket can be made",
                allowed: "a directory that this user may write to, with a path of less than 80 letters")
        }
    }

    package func run() async throws {
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var ends: [Int32] = [0, 0]
        guard listener >= 0, pipe(&ends) == 0, bindAndListen(listener) else {
            log.error(
                "no heartbeat socket", metadata: ["path": "\(path)", "error": "\(String(cString: strerror(errno)))"])
            try? await gracefulShutdown()  // else all would end with it
            return
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (path, times, wake) = (path, times, ends[0])
        // An end may be told twice, and a closed descriptor's number is the next one's.
        let sleeper = Mutex<Int32?>(ends[1])
        @Sendable func wakeUp() {
            sleeper.withLock { sleeper in
                if let descriptor = sleeper { close(descriptor) }
                sleeper = nil
            }
        }
        await withTaskCancellationOrGracefulShutdownHandler {
            await offPool {
                Self.answerAll(listener, until: wake, times)
                unlink(path)
                for descriptor in [listener, wake] { close(descriptor) }
            }
        } onCancelOrGracefulShutdown: {
            wakeUp()
        }
        wakeUp()
    }

    private func bindAndListen(_ listener: Int32) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        unlink(path)  // of an agent that was killed
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        } && listen(listener, 8) == 0
    }

    /// Until the other end of a pipe is closed.
    private static func answerAll(_ listener: Int32, until wake: Int32, _ times: PollTimes) {
        while true {
            var waits = [listener, wake].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&waits, 2, -1) >= 0 || errno == EINTR else { return }
            if waits[1].revents != 0 { return }
            guard waits[0].revents != 0 else { continue }
            let client = accept(listener, nil, nil)
            guard client >= 0 else { continue }
            // Fits into the socket's own buffer; who doesn't read it keeps nobody.
            let bytes = Array(times.text.utf8)
            _ = send(client, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            close(client)
        }
    }
}
