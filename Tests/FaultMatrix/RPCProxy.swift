// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// Stands between an agent and libvirtd, and runs a command after libvirtd has answered a call and before the agent
/// learns of the answer. It is a script beside this project.
final class RPCProxy {
    /// A call of libvirt's protocol, by its number there.
    enum Call: Int, CaseIterable {
        case listAllDomains = 273
        case getAllDomainStats = 344
    }

    private static let script = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../shared/lab/hypervisor/rpc-proxy.py").standardizedFileURL.path(percentEncoded: false)

    static let isThere = FileManager.default.fileExists(atPath: script)

    let uri: String
    private let folder: TemporaryDirectory
    private let process: ChildProcess

    /// - Parameters:
    ///   - target: libvirtd's socket.
    ///   - turn: which of the answers to this call, from 1.
    init(to target: String, after call: Call, turn: Int, run command: String) throws {
        folder = try TemporaryDirectory()
        let socket = folder("libvirt-sock")
        process = try ChildProcess(
            "python3",
            [
                Self.script, socket, target, "--hook-proc", "\(call.rawValue)", "--hook-n", "\(turn)", "--hook",
                command,
            ])
        uri = "qemu:///system?socket=\(socket)"
        while !FileManager.default.fileExists(atPath: socket) {
            guard process.status(within: .milliseconds(20)) == nil else {
                throw ShellError(command: Self.script, reason: "has ended")
            }
        }
    }

    deinit {
        process.signal(SIGKILL)
        _ = process.status(within: .seconds(5))
    }
}
