// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import OpenStack

@Suite(.timeLimit(.minutes(2))) struct SlotsTests {
    @Test(arguments: [1, 3])
    func everybodyGetsIn(count: Int) async throws {
        for _ in 0..<2000 {
            let slots = Slots(count)
            try await withThrowingTaskGroup { group in
                for _ in 0..<50 {
                    group.addTask { @concurrent in try await slots.withSlot { await Task.yield() } }
                }
                try await group.waitForAll()
            }
        }
    }
}
