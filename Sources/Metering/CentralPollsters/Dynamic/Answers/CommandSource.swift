// SPDX-License-Identifier: Apache-2.0
internal import Daemon

/// Programs on this host. What they write to standard output is the answer; a status other than 0 is an error that
/// shows the last line of standard error.
package struct CommandSource: AnswerSource {
    package init() {}

    package func answer(to question: Question) async throws -> [UInt8] {
        try await offPool {
            let command = try HostCommand(question.target)
            return try command.run(until: question.deadline)
        }
    }
}
