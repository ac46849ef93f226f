// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import PluginHost

@Suite struct RestartsTests {
    private var restarts = Restarts(RestartPolicy())

    @Test mutating func theFirstFailureIsForgivenAtOnceAndThePausesDouble() {
        #expect(
            (0..<4).map { _ in restarts.failed(after: .seconds(1)) } == [
                .backoff(.zero), .backoff(.seconds(1)), .backoff(.seconds(2)), .backoff(.seconds(4)),
            ])
    }

    @Test mutating func theFifthLeadsToQuarantineWhichDoublesUpToFourHours() {
        for _ in 0..<4 { _ = restarts.failed(after: .seconds(1)) }
        let pauses = (0..<7).map { _ in restarts.failed(after: .seconds(1)) }
        #expect(pauses == [600, 1200, 2400, 4800, 9600, 14_400, 14_400].map { .quarantine(.seconds($0)) })
    }

    @Test mutating func aQuarterOfAnHourOfGoodWorkWipesTheSlate() {
        for _ in 0..<6 { _ = restarts.failed(after: .seconds(1)) }
        #expect(restarts.failed(after: .seconds(900)) == .backoff(.zero))
        #expect(restarts.failed(after: .seconds(899)) == .backoff(.seconds(1)))
    }
}
