// SPDX-License-Identifier: Apache-2.0
import Libvirt
import Logging
import Telemetry
import Testing

@testable import ComputePollsters

@Suite struct DescriptionCacheTests {
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private let start = MonotonicTime(nanoseconds: 1_000_000_000)
    private let domain = DomainStats.example()
    private let gone = LibvirtError(reason: .libvirt(code: 42, domain: 10), action: "describe", message: "gone")

    private func filled() -> DescriptionCache {
        var cache = DescriptionCache(host: "h")
        let text = DomainXML.text(metadata: DomainXML.nova)
        cache.take([domain.uuid: .success(text)], of: [domain], at: start, log: log)
        return cache
    }

    @Test func aNewDomainIsRead() {
        #expect(DescriptionCache(host: "h").missing(among: [domain], at: start) == [domain.uuid])
    }

    @Test func aKnownDomainIsNotReadAgain() {
        #expect(filled().missing(among: [domain], at: start + .seconds(299)) == [])
    }

    @Test func anEventMakesItReadAgain() {
        var cache = filled()
        cache.expire(.init(uuids: [domain.uuid]))
        #expect(cache.missing(among: [domain], at: start) == [domain.uuid])
    }

    @Test func aNewConnectionMakesAllReadAgain() {
        var cache = filled()
        cache.expire(.init(all: true))
        #expect(cache.missing(among: [domain], at: start) == [domain.uuid])
    }

    @Test func anEventThatWentAstrayIsMadeGoodInTime() {
        #expect(filled().missing(among: [domain], at: start + .seconds(600)) == [domain.uuid])
    }

    @Test func itsResourceFollowsItsState() {
        let cache = filled()
        #expect(cache.domain(domain).resource.metadata["status"] == "active")
        var paused = domain
        paused.state = .paused
        #expect(cache.domain(paused).resource.metadata["status"] == "paused")
        #expect(cache.domain(domain).resource.metadata["status"] == "active")
    }

    @Test func aDomainThatIsGoneIsForgotten() {
        var cache = filled()
        cache.keep([])
        #expect(cache[domain.uuid] == nil)
    }

    @Test func aFailureKeepsWhatWasKnown() {
        var cache = filled()
        cache.take([domain.uuid: .failure(gone)], of: [domain], at: start, log: log)
        #expect(cache[domain.uuid]?.nova?.name == "web & mail")
    }

    @Test func aFailureIsTriedAgainAfterEverLongerPauses() {
        var cache = DescriptionCache(host: "h")
        var now = start
        var pauses: [Double] = []
        for _ in 1...9 {
            cache.take([domain.uuid: .failure(gone)], of: [domain], at: now, log: log)
            var next = now
            while cache.missing(among: [domain], at: next).isEmpty { next = next + .seconds(1) }
            pauses.append(next.seconds(since: now))
            now = next
        }
        #expect(pauses == [10, 20, 40, 80, 160, 320, 600, 600, 600])
    }

    @Test func anEventCutsThePauseAfterAFailureShort() {
        var cache = DescriptionCache(host: "h")
        cache.take([domain.uuid: .failure(gone)], of: [domain], at: start, log: log)
        #expect(cache.missing(among: [domain], at: start) == [])
        cache.expire(.init(uuids: [domain.uuid]))
        #expect(cache.missing(among: [domain], at: start) == [domain.uuid])
    }

    @Test(arguments: ["", "<domain", "<domain>\u{0}</domain>", "not XML at all"])
    func rubbishLeavesTheDomainItsName(text: String) {
        var cache = DescriptionCache(host: "h")
        cache.take([domain.uuid: .success(text)], of: [domain], at: start, log: log)
        #expect(cache[domain.uuid]?.domainName == "instance-0000002a")
        #expect(cache[domain.uuid]?.nova == nil)
    }
}
