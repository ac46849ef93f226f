// SPDX-License-Identifier: Apache-2.0
internal import CChildProgram
internal import Glibc
internal import Settings
internal import Telemetry

/// One run of a program: in a process group of its own, with standard input empty, in `/`, with a fixed PATH and the
/// language of ours. Everything of it is killed when its time is up or it writes too much.
///
/// Its words are parted here; only what needs a shell, such as a pipe, goes to `/bin/sh`.
struct HostCommand {
    private static let folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    private static let inherited = ["HOME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR", "TZ"]
    /// Of standard error is kept at most so much.
    private static let mostWords = 1 << 16

    private let path: String
    private let arguments: [String]

    init(_ text: String) throws(AnswerError) {
        arguments = CommandWords.of(text) ?? ["/bin/sh", "-c", text]
        let name = arguments[0]
        let candidates = name.contains("/") ? [name] : Self.folders.map { "\($0)/\(name)" }
        guard let path = candidates.first(where: { access($0, X_OK) == 0 }) else {
            throw AnswerError("\(name.shortened()) is no program in \(Self.folders.joined(separator: ", "))")
        }
        self.path = path
    }

    /// Blocks the calling thread, with which the program ends.
    func run(until deadline: MonotonicTime) throws(AnswerError) -> [UInt8] {
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let pipes = try [Self.pipe(), Self.pipe(), Self.pipe()]
        let (output, error, report) = (pipes[0], pipes[1], pipes[2])
        let streams = [Self.raised(null), output.write, error.write]
        let variables =
            ["PATH=\(Self.folders.joined(separator: ":"))"]
            + Self.inherited.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
        let child = withCStrings(arguments) { arguments in
            withCStrings(variables) { child_start(path, arguments, $0, streams, report.write) }
        }
        var number = child < 0 ? errno : 0
        for descriptor in streams + [report.write] { close(descriptor) }
        defer { for descriptor in [output.read, error.read, report.read] { close(descriptor) } }
        guard child > 0 else { throw AnswerError("could not start \(path): \(String(cString: strerror(number)))") }
        if read(report.read, &number, MemoryLayout<Int32>.size) > 0 {
            _ = waitpid(child, nil, 0)
            throw AnswerError("could not start \(path): \(String(cString: strerror(number)))")
        }
        let outcome = Result { () throws(AnswerError) in
            let texts = try collect(output.read, error.read, deadline)
            guard hasEnded(child, by: deadline) else { throw timeIsUp }
            return texts
        }
        // What it may have left in its group goes too, and it itself where it has not ended; its number is nobody
        // else's before it is waited for.
        kill(-child, SIGKILL)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let (answer, words) = try outcome.get()
        guard status == 0 else {
            let ending =
                status & 0x7F == 0 ? "ended with status \(status >> 8 & 0xFF)" : "was killed by signal \(status & 0x7F)"
            let last = String(decoding: words, as: UTF8.self).split(whereSeparator: \.isNewline).last ?? "nothing said"
            throw AnswerError("\(path) \(ending): \(String(last).shortened(to: 200))")
        }
        return answer
    }

    private var timeIsUp: AnswerError { AnswerError("\(path) was killed, as its time was up") }

    /// It may go on after it has closed its streams.
    private func hasEnded(_ child: Int32, by deadline: MonotonicTime) -> Bool {
        while MonotonicTime.now < deadline {
            var information = siginfo_t()
            let isKnown = waitid(P_PID, id_t(child), &information, WEXITED | WNOHANG | WNOWAIT) == 0
            if !isKnown || information._sifields._sigchld.si_pid == child { return true }
            usleep(2000)
        }
        return false
    }

    /// Reads both until the program has closed them.
    private func collect(
        _ output: Int32, _ error: Int32, _ deadline: MonotonicTime
    ) throws(AnswerError) -> (output: [UInt8], error: [UInt8]) {
        var texts: [[UInt8]] = [[], []]
        var ends = [output, error]
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while ends.contains(where: { $0 >= 0 }) {
            let left = deadline.seconds(since: .now)
            guard left > 0 else { throw timeIsUp }
            var waits = ends.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard poll(&waits, 2, Int32(min(left * 1000, 60_000)) + 1) >= 0 || errno == EINTR else { break }
            for index in 0..<2 where waits[index].revents != 0 {
                let count = read(ends[index], &buffer, buffer.count)
                guard count > 0 else {
                    ends[index] = -1
                    continue
                }
                if index == 1, texts[1].count > Self.mostWords { texts[1].removeFirst(texts[1].count / 2) }
                texts[index] += buffer[..<count]
                guard texts[0].count <= ResponseHandler.mostBytes else {
                    throw AnswerError("\(path) was killed, as it wrote more than \(ResponseHandler.mostBytes) bytes")
                }
            }
        }
        return (texts[0], texts[1])
    }

    private static func pipe() throws(AnswerError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else {
            throw AnswerError("could not make a pipe: \(String(cString: strerror(errno)))")
        }
        return (raised(ends[0]), raised(ends[1]))
    }

    /// Above the numbers that the child uses on its way, and closed by an exec.
    private static func raised(_ descriptor: Int32) -> Int32 {
        let raised = fcntl(descriptor, F_DUPFD_CLOEXEC, 10)
        close(descriptor)
        return raised
    }
}

/// Lends a null-terminated array of C strings, as `exec` takes them.
private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
}
