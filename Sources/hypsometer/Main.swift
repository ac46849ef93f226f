// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Daemon
import Glibc
import Settings

@main
enum Main {
    static func main() async {
        // Writing to a socket that nobody reads is an error like others, not the end.
        signal(SIGPIPE, SIG_IGN)
        LogSetup.bootstrap()
        guard let command = parsed() else {
            // No subcommand: what there is, as for --help.
            Output.put(HypsometerCommand.helpMessage() + "\n")
            exit(2)
        }
        exit(await status(of: command))
    }

    /// ArgumentParser's own status for wrong usage is 64, with several lines; ours is 2, with one.
    private static func parsed() -> (any Subcommand)? {
        do {
            return try HypsometerCommand.subcommand()
        } catch {
            if HypsometerCommand.exitCode(for: error).isSuccess {
                let text = HypsometerCommand.fullMessage(for: error)
                Output.put(text.hasSuffix("\n") ? text : text + "\n")
                exit(0)
            }
            let message = HypsometerCommand.message(for: error).shortened(to: 300)
            Output.put("hypsometer: \(message) (see --help)\n", to: STDERR_FILENO)
            exit(2)
        }
    }

    private static func status(of command: any Subcommand) async -> Int32 {
        do throws(Mistakes) {
            return try await command.execute()
        } catch {
            for mistake in error.inOrder { Output.put("hypsometer: \(mistake)\n", to: STDERR_FILENO) }
            if error.areMany {
                Output.put("hypsometer: there may be more; nothing further was checked\n", to: STDERR_FILENO)
            }
            return 2
        }
    }
}
