// SPDX-License-Identifier: Apache-2.0
import Agent
import ArgumentParser
import Daemon
import Glibc
import Logging
import Settings

@main
enum Main {
    static func main() async {
        // Writing to a pipe that nobody reads is an error like others, not the end.
        signal(SIGPIPE, SIG_IGN)
        LogSetup.bootstrap()
        let command = parsed()
        let status = await run(command)
        // Not by returning: a thread that hangs in libvirt would keep the process.
        exit(status)
    }

    /// ArgumentParser's own status for wrong usage is 64, with several lines; ours is 2, with one.
    private static func parsed() -> PollingCommand {
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            try PollingCommand.checkLists(in: arguments)
            return try PollingCommand.parse(arguments)
        } catch {
            if PollingCommand.exitCode(for: error).isSuccess {
                let text = PollingCommand.fullMessage(for: error)
                print(text.hasSuffix("\n") ? String(text.dropLast()) : text, to: STDOUT_FILENO)
                exit(0)
            }
            let message = PollingCommand.message(for: error).shortened(to: 300)
            print("hypsometer-polling: \(message) (see --help)", to: STDERR_FILENO)
            exit(2)
        }
    }

    private static func run(_ command: PollingCommand) async -> Int32 {
        do throws(Mistakes) {
            return try await Modes(command).run()
        } catch {
            for mistake in error.inOrder { print("hypsometer-polling: \(mistake)", to: STDERR_FILENO) }
            if error.areMany {
                print("hypsometer-polling: there may be more; nothing further was checked", to: STDERR_FILENO)
            }
            return 2
        }
    }

    private static func print(_ text: String, to descriptor: Int32) {
        let line = text + "\n"
        _ = write(descriptor, line, line.utf8.count)  // where that is gone there is nobody to tell
    }
}
