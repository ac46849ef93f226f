// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Testing

/// What the real Watcher did, done again: the same decisions, to the last digit.
///
/// One rule besides equality: where the real program crashed, any solution and any error is right.
@Suite(.enabled(if: RecordedCase.areThere, "there are no recorded cases beside the project"))
struct WatcherCases {
    /// Runs every case of a kind, and prints how many hold.
    private func check(_ kind: String, _ run: (RecordedCase) async throws -> Void) async throws {
        let cases = try RecordedCase.all(kind)
        var held = 0
        for recorded in cases {
            do {
                try await run(recorded)
                held += 1
            } catch {
                if recorded.errorClass == "python_crash", !(error is Failure) {
                    held += 1
                } else {
                    Issue.record("\(recorded.name): \(error)")
                }
            }
        }
        print("\(kind): \(held) of \(cases.count) recorded cases hold")
    }

    @Test func modelsListAndCountWhatTheyHold() async throws {
        try await check("model_api") { try ModelCase.run($0) }
    }
}
