// SPDX-License-Identifier: Apache-2.0
internal import CChildProgram
internal import Glibc

/// A program that was started in a process group of its own, with pipes as its three streams and nothing else of ours:
/// no other descriptor, and of the environment the language, the time zone and a fixed PATH.
///
/// It is killed when the thread that started it ends, and so when we are.
struct ChildProgram: Sendable {
    let pid: Int32
    /// Our ends, none of which blocks.
    let input: Int32
    let output: Int32
    let error: Int32
    /// In the environment of the program and all that it starts, so that they are found again.
    private let mark: String

    /// A pipe's size, so that an answer of thousands of samples is handed over in a few turns.
    private static let pipeSize: Int32 = 1 << 20
    private static let variable = "HYPSOMETER_PLUGIN"
    private static let inherited = ["LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"]

    /// - Throws: what the system said, in its words.
    init(_ path: String) throws(SystemError) {
        var pipes: [(read: Int32, write: Int32)] = []
        func closeAll() {
            for pipe in pipes {
                close(pipe.read)
                close(pipe.write)
            }
        }
        for _ in 0..<4 {
            do throws(SystemError) { pipes.append(try Self.pipe()) } catch {
                closeAll()
                throw error
            }
        }
        mark = "\(Self.variable)=\(getpid())-\(String(UInt64.random(in: 1 ... .max), radix: 16))"
        let report = pipes[3]
        let streams = [pipes[0].read, pipes[1].write, pipes[2].write]
        let variables = Self.environment + [mark]
        let path = Self.absolute(path)  // the child goes to / first
        let started = withCStrings([path]) { arguments in
            withCStrings(variables) { environment in
                child_start(path, arguments, environment, streams, report.write)
            }
        }
        let failure = started < 0 ? errno : 0
        for descriptor in streams + [report.write] { close(descriptor) }
        let ours = [pipes[0].write, pipes[1].read, pipes[2].read]
        (input, output, error) = (ours[0], ours[1], ours[2])
        pid = started
        var number = failure
        if started > 0, read(report.read, &number, MemoryLayout<Int32>.size) > 0 { _ = waitpid(started, nil, 0) }
        close(report.read)
        guard number == 0 else {
            for descriptor in ours { close(descriptor) }
            throw SystemError(number: number)
        }
        for descriptor in ours {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
        _ = fcntl(output, child_set_pipe_size, Self.pipeSize)  // a mere wish
        _ = fcntl(input, child_set_pipe_size, Self.pipeSize)
    }

    /// How it ended, in words; nil while it runs.
    func ending() -> String? {
        var information = siginfo_t()
        // Left as a zombie, so that its number, and with it its group's, is nobody else's yet.
        guard waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0,
            information._sifields._sigchld.si_pid == pid
        else { return nil }
        let status = information._sifields._sigchld.si_status
        return information.si_code == CLD_EXITED ? "ended with status \(status)" : "was killed by signal \(status)"
    }

    /// Its standard input ends; the descriptor stays ours until all are closed, so that its number means nothing else.
    func closeInput() {
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard null >= 0 else { return }
        dup2(null, input)
        _ = fcntl(input, F_SETFD, FD_CLOEXEC)
        close(null)
    }

    /// Kills it, its group, and what left the group but has its mark; nothing of it is left then. Once.
    func end() {
        kill(-pid, SIGKILL)
        _ = waitpid(pid, nil, 0)
        for descriptor in [input, output, error] { close(descriptor) }
        // Whoever is killed may have started another meanwhile.
        for _ in 0..<10 {
            let left = Self.processes(with: mark)
            if left.isEmpty { break }
            for process in left { kill(process, SIGKILL) }
            usleep(2000)
        }
    }

    /// Only of this user: others' environments can't be read.
    private static func processes(with mark: String) -> [Int32] {
        guard let directory = opendir("/proc") else { return [] }
        defer { closedir(directory) }
        var found: [Int32] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let number = Int32(name), number != getpid(), environment(of: number).contains(mark) else { continue }
            found.append(number)
        }
        return found
    }

    private static func environment(of process: Int32) -> [String] {
        let file = open("/proc/\(process)/environ", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 13)
        while bytes.count < 1 << 20, case let count = read(file, &buffer, buffer.count), count > 0 {
            bytes += buffer[..<count]
        }
        return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }

    private static var environment: [String] {
        ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
            + inherited.compactMap { name in getenv(name).map { "\(name)=\(String(cString: $0))" } }
    }

    /// Both ends above the three streams and above 3, which the child uses on its way, and closed by an exec.
    private static func pipe() throws(SystemError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard Glibc.pipe(&ends) == 0 else { throw .last }
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 10) }
        let failure = SystemError.last
        for end in ends { close(end) }
        guard moved.allSatisfy({ $0 >= 0 }) else {
            for end in moved where end >= 0 { close(end) }
            throw failure
        }
        return (moved[0], moved[1])
    }
}

/// What a system call said.
struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    /// `errno`.
    var number: Int32

    static var last: SystemError { SystemError(number: errno) }

    var description: String { String(cString: strerror(number)) }
}

/// Lends a null-terminated array of C strings, as `exec` takes them.
private func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
}
