// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Chromium without a window, which draws a page as its readers see it. All calls block.
package enum Browser {
    /// Why there is none here, or nil where there is one.
    package static let unavailable: String? = {
        do {
            let outcome = try Shell.run("chromium", ["--version"], timeout: .seconds(120))
            return outcome.status == 0 ? nil : "chromium --version: \(outcome.error)"
        } catch {
            return "\(error)"
        }
    }()

    /// A page's document once its scripts have run, for some seconds of their own time and until no answer is
    /// outstanding; with a memory of its own, as of a reader who is here for the first time.
    package static func document(_ address: String, seconds: Int = 5) throws -> String {
        let memory = try TemporaryDirectory()
        let outcome = try Shell.run(
            "chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--user-data-dir=\(memory.path)", "--virtual-time-budget=\(seconds * 1000)", "--dump-dom", address,
            ], timeout: .seconds(120))
        guard outcome.status == 0, !outcome.output.isEmpty else {
            throw ShellError(command: "chromium \(address)", reason: "status \(outcome.status): \(outcome.error)")
        }
        return outcome.output
    }

    /// The same, again and again until it is as wanted or a minute has gone: a busy machine's browser may end early.
    package static func document(_ address: String, until isWanted: (String) -> Bool) throws -> String {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let text = try document(address)
            if isWanted(text) || ContinuousClock.now > deadline { return text }
        }
    }
}
