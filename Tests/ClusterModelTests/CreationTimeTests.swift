// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Testing

@Suite struct CreationTimeTests {
    @Test(arguments: [
        ("2026-02-09T18:55:13Z", "2026-02-09 18:55:13+00:00"), ("2026-02-09 18:55:13", "2026-02-09 18:55:13+00:00"),
        ("2026-02-09T18:55:13.5+02:00", "2026-02-09 18:55:13.500000+02:00"),
        ("2026-02-09 18:55:13-0330", "2026-02-09 18:55:13-03:30"),
    ])
    func isWrittenInOneForm(text: String, written: String) {
        #expect(CreationTime(text)?.description == written)
    }

    @Test func countsMicroseconds() {
        #expect(CreationTime("2026-02-09T18:55:13.000007Z")?.microseconds == 1_770_663_313_000_007)
        #expect(CreationTime("1969-12-31T23:59:59Z")?.microseconds == -1_000_000)
        #expect(CreationTime("2000-02-29T12:00:00+12:00")?.microseconds == 951_782_400_000_000)
    }

    @Test func offsetsAreHeededWhereTimesAreCompared() throws {
        let east = try #require(CreationTime("2026-01-01T01:00:00+02:00"))
        #expect(try east < #require(CreationTime("2026-01-01T00:00:00Z")))
    }

    @Test(arguments: ["", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00 CET", "2026-01-01T00:00:00.Z"])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(CreationTime(text) == nil)
    }
}
