// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing

@Suite struct MistakeTests {
    private let place = Mistake.Place("polling.yaml", line: 7)

    @Test func isALineOfPlaceKeyWhatWasFoundAndWhatIsAllowed() {
        let mistake = Mistake(place, "sources[0].interval", found: "\"5m\"", allowed: "seconds")
        #expect(mistake.description == "polling.yaml:7: sources[0].interval: \"5m\"; allowed: seconds")
    }

    @Test func whatIsNotKnownIsLeftOut() {
        #expect(
            Mistake(.init("a.conf"), "", found: "an empty file", allowed: "").description == "a.conf: an empty file")
    }

    @Test func nearNamesAreAQuestion() {
        let mistake = Mistake(place, "meters", found: "x", allowed: "y", near: ["cpu", "vcpus"])
        #expect(mistake.description.hasSuffix("; did you mean cpu or vcpus?"))
    }

    @Test func fewNamesAreAllTold() {
        let mistake = Mistake(place, "meters", unknown: "cpus", among: ["vcpus", "cpu", "cpu"])
        #expect(mistake.found == "unknown name \"cpus\"")
        #expect(mistake.allowed == "one of cpu, vcpus")
        #expect(mistake.near == ["cpu", "vcpus"])
    }

    @Test func ofManyNamesOnlyTheNearAreTold() {
        let names = (10..<40).map { "meter\($0)" }
        #expect(Mistake(place, "meters", unknown: "meter1", among: names).allowed == "a known name")
    }

    @Test func manyNamesAreToldWhereNoneIsNear() {
        let names = (10..<40).map { "meter\($0)" }
        #expect(Mistake(place, "meters", unknown: "x", among: names).allowed.hasPrefix("one of meter10, meter11, "))
    }

    @Test func amongNoNamesNothingIsAllowed() {
        #expect(
            Mistake(place, "discovery", unknown: "x", among: []).description
                == "polling.yaml:7: discovery: unknown name \"x\"")
    }

    @Test func quotedTextIsCutAndWithoutControlCharacters() {
        #expect("a\nb\u{1B}[31m\u{7F}".quoted == "\"a\\nb\\u{1B}[31m\\u{7F}\"")
        #expect(String(repeating: "x", count: 100).quoted == "\"" + String(repeating: "x", count: 80) + "…\"")
    }

    @Test(arguments: [
        ("rabbit://guest:secret@mq", "rabbit://guest:***@mq"),
        ("http://u:se:cret@h:80/path?q=1", "http://u:***@h:80/path?q=1"),
        ("http://u:s@cret@h/", "http://u:***@h/"),
        ("http://u:se/cret@h/", "http://u:***@h/"),
        ("http://u:se?cret@h", "http://u:***@h"),
        ("http://u:@h", "http://u:***@h"),
        ("rabbit://a:secret@m1:5672,b:secret@m2:5672/", "rabbit://a:***@m1:5672,b:***@m2:5672/"),
        ("http://a:secret@h1/x,http://b:secret@h2/y", "http://a:***@h1/x,http://b:***@h2/y"),
    ])
    func passwordsInURLsAreHidden(url: String, shown: String) {
        #expect(url.withoutPassword == shown)
    }

    @Test(arguments: [
        "qemu:///system", "http://host:80/a@b", "http://[::1]:8041/v1", "http://user@host/", "guest@host", "",
        "file:///var/log/a:b@c", "unix://a,b",
    ])
    func whatHoldsNoPasswordStaysAsItIs(url: String) {
        #expect(url.withoutPassword == url)
    }

    @Test func severalAreALineEach() {
        let mistakes = Mistakes([
            Mistake(place, "a", found: "b", allowed: ""), Mistake(place, "c", found: "d", allowed: ""),
        ])
        #expect(mistakes.description == "polling.yaml:7: a: b\npolling.yaml:7: c: d")
    }

    @Test func areCollectedAndThrownTogether() {
        var mistakes = Mistakes()
        #expect(mistakes.collect { () throws(Mistake) in 1 } == 1)
        #expect(mistakes.isEmpty)
        let one = Mistake(place, "a", found: "b", allowed: "c")
        #expect(mistakes.collect { () throws(Mistake) -> Int in throw one } == nil)
        #expect(mistakes.collectAll { () throws(Mistakes) -> Int in throw Mistakes([one, one]) } == nil)
        #expect(throws: Mistakes([one, one, one])) { try mistakes.throwIfAny() }
    }
}
