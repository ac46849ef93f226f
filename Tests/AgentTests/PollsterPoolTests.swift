// SPDX-License-Identifier: Apache-2.0
import Synchronization
import Telemetry
import Testing

@testable import Agent

@Suite struct PollsterPoolTests {
    /// Made once for each time it is asked for.
    private final class Made: Pollster {
        func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) -> [Sample] { [] }
    }

    private let pool = PollsterPool()
    private let registrations = ["cpu", "disk"].map { name in
        PollsterRegistration(name: name, namespaces: ["compute"], meters: []) { Made() }
    }

    private func key(
        _ pollster: String = "cpu", every interval: Int = 60, on resources: [String] = [], generation: Int = 1
    ) -> PollsterPool.Key {
        .init(
            interval: interval, pollster: pollster, selection: .init(resources: resources, discoveries: ["local"]),
            generation: generation)
    }

    private func made(_ key: PollsterPool.Key) throws -> ObjectIdentifier {
        ObjectIdentifier(try #require(pool.pollster(key, from: registrations) as? Made))
    }

    @Test func theSameRhythmGetsTheSamePollster() throws {
        #expect(try made(key()) == made(key()))
    }

    @Test func whatAPollsterRemembersBelongsToOneRhythm() throws {
        let other = [key("disk"), key(every: 10), key(on: ["vm-1"]), key(generation: 2)]
        #expect(try Set(([key()] + other).map(made)).count == 5)
    }

    @Test func aPollsterThatIsKeptSurvivesAReload() throws {
        let before = try made(key())
        pool.keep([key(), key("disk")])
        #expect(try made(key()) == before)
    }

    @Test func aPollsterThatIsNotKeptIsMadeAnew() throws {
        let pollster = try #require(pool.pollster(key(), from: registrations) as? Made)
        pool.keep([key("disk")])
        #expect(try made(key()) != ObjectIdentifier(pollster))
    }

    @Test func thereIsNoneWithoutARegistration() {
        #expect(pool.pollster(key("nosuch"), from: registrations) == nil)
    }
}
