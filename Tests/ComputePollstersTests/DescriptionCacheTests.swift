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
        cache.apply(.init(uuids: [domain.uuid]), present: [domain.uuid])
        #expect(cache.missing(among: [domain], at: start) == [domain.uuid])
    }

    @Test func aNewConnectionMakesAllReadAgain() {
        var cache = filled()
        cache.apply(.init(all: true), present: [domain.uuid])
        #expect(cache.missing(among: [domain], at: start) == [domain.uuid])
    }

    @Test func anEventThatWentAstrayIsMadeGoodInTime() {
        #expect(filled().missing(among: [domain], at: start + .seconds(600)) == [domain.uuid])
    }

    @Test func itsResourceFollowsItsState() {
        var cache = filled()
        #expect(cache.resource(of: domain).metadata["status"] == "active")
        var paused = domain
        paused.state = .paused
        #expect(cache.resource(of: paused).metadata["status"] == "paused")
        #expect(cache.resource(of: domain).metadata["status"] == "active")
    }

    @Test func aDomainThatIsGoneIsForgotten() {
        var cache = filled()
        cache.apply(.init(), present: [])
        #expect(cache[domain.uuid] == nil)
    }

    @Test func aFailureKeepsWhatWasKnownAndTriesAgain() {
        var cache = filled()
        cache.take([domain.uuid: .failure(gone)], of: [domain], at: start, log: log)
        #expect(cache[domain.uuid]?.nova?.name == "web & mail")
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
