// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Settings

/// A subcommand of `hypsometer`. It is added with a file of its own and its name in ``HypsometerCommand``.
protocol Subcommand: ParsableCommand {
    /// Does what was asked.
    ///
    /// - Returns: the exit status.
    /// - Throws: what is wrong with the configuration, which ends the program with 2 and a line for each mistake.
    func execute() async throws(Mistakes) -> Int32
}
