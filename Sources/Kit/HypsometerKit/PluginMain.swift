// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// A plug-in's program: `@main struct Example: PluginMain { static let entryPoints: [EntryPoint] = […] }`.
///
/// It answers the host's calls until the host closes the connection. Calls may come while others are being answered.
/// What the program prints goes to the host's log, as standard output carries the answers.
public protocol PluginMain {
    static var entryPoints: [EntryPoint] { get }
}

extension PluginMain {
    /// Reads on the main thread, which is none of those that Swift runs tasks on.
    @MainActor public static func main() async {
        guard isatty(STDIN_FILENO) == 0 else {
            PluginLog()(
                "This is a plug-in: hypsometer-polling --plugin-dir DIRECTORY runs it, and hypsometer plugin check tries it."
            )
            exit(2)
        }
        signal(SIGPIPE, SIG_IGN)
        let answers = dup(STDOUT_FILENO)
        guard answers >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
            PluginLog()("could not prepare standard output: \(String(cString: strerror(errno)))")
            exit(1)
        }
        _ = fcntl(answers, F_SETFD, FD_CLOEXEC)
        await PluginServer(entryPoints, output: LineOutput(descriptor: answers))
            .serve(LineInput(descriptor: STDIN_FILENO, longestLine: PluginProtocol.longestRequest))
        exit(0)
    }
}
