// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Testing
import Web

@Suite struct ByteBudgetTests {
    @Test func whatIsNotFreeIsRefusedForNowAndFreeAgainAfterwards() async throws {
        let budget = ByteBudget(100)
        let inner = try await budget.hold(60) {
            let problem = await #expect(throws: Problem.self) { try await budget.hold(50) { 1 } }
            #expect(problem?.status == .serviceUnavailable)
            #expect(problem?.retryAfter == 1)
            return try await budget.hold(40) { 2 }
        }
        #expect(inner == 2)
        #expect(try await budget.hold(100) { 3 } == 3)
    }

    @Test func oneAloneMayBeLargerThanAll() async throws {
        #expect(try await ByteBudget(10).hold(20) { 1 } == 1)
    }

    @Test func whatFailedHoldsNothing() async throws {
        let budget = ByteBudget(100)
        await #expect(throws: CancellationError.self) { try await budget.hold(100) { throw CancellationError() } }
        #expect(try await budget.hold(100) { 1 } == 1)
    }
}
