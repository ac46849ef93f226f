// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// A libvirtd of our own with tiny QEMU domains, made by `Tests/Lab/hypervisor-lab`; the script's head says how.
/// Each has Nova's metadata, a disk, a network device and a balloon, which no guest drives; odd ones a second disk.
///
/// All calls block: up takes about a second, a domain 0.2 s. The lab goes when it is purged, with the last reference to
/// it, or with this process, however that ends.
package final class HypervisorLab: Sendable {
    /// libvirt's address for this hypervisor: `qemu:///system?socket=…`.
    package let uri: String
    /// libvirtd's socket.
    package var socket: String { directory + "/sock/libvirt-sock" }
    private let directory: String
    /// Our end of the lab's lease, which nobody else holds: the kernel closes it when we end.
    private let lease: Mutex<Int32?>

    /// Why no hypervisor can be started here, or nil where it can.
    package static let unavailable: String? = {
        do {
            try lab(["check"])
            return nil
        } catch {
            return "\(error)"
        }
    }()

    /// A hypervisor without domains, in a run directory of its own.
    package static func start() throws -> HypervisorLab { try HypervisorLab() }

    /// A hypervisor made ready on a thread of its own, so that tests in this process that run beside it go on.
    package static func start(
        preparing prepare: @escaping @Sendable (HypervisorLab) throws -> Void
    ) async throws -> HypervisorLab {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        let lab = try start()
                        try prepare(lab)
                        return lab
                    })
            }
        }
    }

    private init() throws {
        var template = Array("/tmp/hypervisor-lab.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw ShellError(command: "mkdtemp", reason: String(cString: strerror(errno)))
        }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
            throw ShellError(command: "pipe", reason: String(cString: strerror(errno)))
        }
        defer { close(ends[0]) }
        directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        lease = Mutex(ends[1])
        do {
            uri = try Self.lab(["-d", directory, "up"], environment: ["LAB_LEASE": "1"], input: ends[0])
        } catch {
            _ = try? Self.lab(["-d", directory, "purge"])
            close(ends[1])
            throw error
        }
    }

    deinit { purge() }

    /// Ends the daemon and the domains and deletes the run directory; the second time it does nothing.
    package func purge() {
        lease.withLock { end in
            guard let descriptor = end else { return }
            _ = try? Self.lab(["-d", directory, "purge"])
            close(descriptor)
            end = nil
        }
    }

    /// Starts domains.
    ///
    /// - Parameters:
    ///   - load: How busy each keeps its first virtual CPU, in percent of one core: 0, 25, 50, 75 or 100.
    ///   - environment: `LAB_VCPUS`, `LAB_MAX_VCPUS`, `LAB_PLAIN`.
    package func startDomains(_ range: ClosedRange<Int>, load: Int = 0, environment: [String: String] = [:]) throws {
        try lab("domains", "\(range.lowerBound)", "\(range.upperBound)", "\(load)", environment: environment)
    }

    /// The description of a domain, for `virsh define`; its disk is ready, so it can then be started.
    package func domainXML(_ index: Int, load: Int = 0, environment: [String: String] = [:]) throws -> String {
        try lab("xml", "\(index)", "\(load)", environment: environment)
    }

    /// What every domain's UUID begins with.
    package static let uuidPrefix = "d0000000-0000-4000-8000-"
    package static func uuid(_ index: Int) -> String { uuidPrefix + hexadecimal(index, digits: 12) }
    package static func name(_ index: Int) -> String { "instance-" + hexadecimal(index, digits: 8) }

    /// Puts the definition of a domain into libvirtd's own folder, without libvirtd's leave: it is read at the next
    /// start.
    package func plant(_ xml: String, ofDomain index: Int) throws {
        let folder = URL(filePath: directory).appending(path: "etc/qemu")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(xml.utf8).write(to: folder.appending(path: Self.name(index) + ".xml"))
    }

    /// Describes a running domain in words.
    ///
    /// - Parameter words: as `printf` takes them, so that any byte can be said: `\377`.
    package func describe(_ index: Int, in words: String) throws {
        let command = #"virsh -q -c "$0" desc "$1" --live --new-desc "$(printf "$2")""#
        _ = try Self.output("bash", ["-c", command, uri, Self.name(index), words])
    }

    /// Destroys domains, several at a time.
    package func destroyDomains(_ range: ClosedRange<Int>) throws {
        let names = range.map(Self.name).joined(separator: "\n")
        _ = try Self.output("bash", ["-c", #"xargs -P 8 -I{} virsh -q -c "$0" destroy {} <<< "$1""#, uri, names])
    }

    /// What `virsh` prints on standard output.
    @discardableResult
    package func virsh(_ arguments: String...) throws -> String {
        try Self.output("virsh", ["-q", "-c", uri] + arguments)
    }

    /// Makes a domain known from its description, without starting it.
    package func define(_ xml: String) throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "domain-\(UUID().uuidString).xml")
        try xml.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        try virsh("define", file.path)
    }

    /// libvirtd's process, as seen from here.
    package var daemonPID: Int32 { get throws { try pid() } }

    /// The QEMU process of a domain, as seen from here.
    package func domainPID(_ index: Int) throws -> Int32 { try pid(Self.name(index)) }

    /// Sends libvirtd a signal; the domains do not notice.
    package func killDaemon(_ signal: Int32) throws { kill(try daemonPID, signal) }

    /// Starts libvirtd again after it was killed, and waits until it answers.
    package func startDaemon() throws { try lab("up") }

    private func pid(_ domain: String...) throws -> Int32 {
        let text = try Self.lab(["-d", directory, "pid"] + domain)
        guard let pid = Int32(text), pid > 1 else { throw ShellError(command: "pid", reason: text) }
        return pid
    }
}

extension HypervisorLab {
    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../Lab/hypervisor-lab").standardizedFileURL.path(percentEncoded: false)

    @discardableResult
    private func lab(_ arguments: String..., environment: [String: String] = [:]) throws -> String {
        try Self.lab(["-d", directory] + arguments, environment: environment)
    }

    @discardableResult
    private static func lab(
        _ arguments: [String], environment: [String: String] = [:], input: Int32? = nil
    ) throws -> String {
        try output(script, arguments, environment: environment, input: input)
    }

    private static func output(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:], input: Int32? = nil
    ) throws -> String {
        let result = try Shell.run(
            executable, arguments, environment: environment, input: input, timeout: .seconds(600))
        guard result.status == 0 else {
            let command = ([executable] + arguments).joined(separator: " ")
            throw ShellError(command: command, reason: "status \(result.status): \(result.error.trimmed)")
        }
        return result.output.trimmed
    }

    private static func hexadecimal(_ number: Int, digits: Int) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
