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

    /// ArgumentParser's own status for wrong usage is 64; ours is 2.
    private static func parsed() -> PollingCommand {
        do {
            return try PollingCommand.parse()
        } catch {
            let isHelp = PollingCommand.exitCode(for: error).isSuccess
            print(error: PollingCommand.fullMessage(for: error), to: isHelp ? STDOUT_FILENO : STDERR_FILENO)
            exit(isHelp ? 0 : 2)
        }
    }

    private static func run(_ command: PollingCommand) async -> Int32 {
        do throws(Mistakes) {
            return try await Modes(command).run()
        } catch {
            for mistake in error.all { print(error: "hypsometer-polling: \(mistake)", to: STDERR_FILENO) }
            return 2
        }
    }

    private static func print(error text: String, to descriptor: Int32) {
        let line = text + "\n"
        _ = write(descriptor, line, line.utf8.count)  // where stderr is gone there is nobody to tell
    }
}
