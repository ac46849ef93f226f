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

    @Test func theOnlyNameIsToldPlainly() {
        #expect(Mistake(place, "discovery", unknown: "x", among: ["local", "local"]).allowed == "local")
    }

    @Test func ofManyNamesOnlyTheNearAreTold() {
        let names = (10..<40).map { "meter\($0)" }
        let mistake = Mistake(place, "meters", unknown: "meter1", among: names, seenWith: "--list-pollsters")
        #expect(mistake.allowed == "a name that --list-pollsters shows")
        #expect(!mistake.near.isEmpty)
        #expect(Mistake(place, "meters", unknown: "x", among: names).allowed == "a name")
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
        ("redis://:secret@h:6379", "redis://:***@h:6379"),
        ("http://u:/secret@h", "http://u:***@h"),
        ("http://u:sec/r@et@h/", "http://u:***@h/"),
        ("http://u:s@c/ret@h/", "http://u:***@h/"),
        ("http://u:s://ecret@h/", "http://u:***@h/"),
        ("http://u:1234@h/", "http://u:***@h/"),
        ("http://u:\u{301}secret@h/", "http://u:***@h/"),
        ("http://u:se/cret@[::1]:80/", "http://u:***@[::1]:80/"),
        ("rabbit://a:secret@m1:5672,b:secret@m2:5672/", "rabbit://a:***@m1:5672,b:***@m2:5672/"),
        ("rabbit://a@m1,b:secret@m2/", "rabbit://a@m1,b:***@m2/"),
        ("http://a:secret@h1/x,http://b:secret@h2/y", "http://a:***@h1/x,http://b:***@h2/y"),
        ("http://h1:80/x\nhttp://b:secret@h2", "http://h1:80/x\nhttp://b:***@h2"),
    ])
    func passwordsInURLsAreHidden(url: String, shown: String) {
        #expect(url.withoutPassword == shown)
    }

    @Test(arguments: [
        "qemu:///system", "http://host:80/a@b", "http://[::1]:80/a@b", "http://user@host:80/a@b",
        "http://[::1]:8041/v1", "http://user@host/", "guest@host", "",
        "file:///var/log/a:b@c", "unix://a,b",
    ])
    func whatHoldsNoPasswordStaysAsItIs(url: String) {
        #expect(url.withoutPassword == url)
    }

    @Test(arguments: [
        ("agent:secret@host", "agent:***@host"), ("agent:se:c@ret@host:80", "agent:***@host:80"),
        ("gnocchi//agent:secret@host/", "gnocchi//agent:***@host/"),
        ("://agent:secret@host/", ":***@host/"), ("jdbc:mysql://agent:secret@host/", "jdbc:***@host/"),
    ])
    func passwordsInWhatIsNoURLAreHiddenToo(text: String, shown: String) {
        #expect(text.withoutPassword == shown)
    }

    @Test func severalAreALineEach() {
        let mistakes = Mistakes([
            Mistake(place, "a", found: "b", allowed: ""), Mistake(place, "c", found: "d", allowed: ""),
        ])
        #expect(mistakes.description == "polling.yaml:7: a: b\npolling.yaml:7: c: d")
    }

    @Test func areCollectedOnceAndThrownTogether() {
        var mistakes = Mistakes()
        #expect(mistakes.collect { () throws(Mistake) in 1 } == 1)
        #expect(mistakes.isEmpty)
        let one = Mistake(place, "a", found: "b", allowed: "c")
        let other = Mistake(place, "a", found: "b", allowed: "d")
        #expect(mistakes.collect { () throws(Mistake) -> Int in throw one } == nil)
        #expect(mistakes.collectAll { () throws(Mistakes) -> Int in throw Mistakes([one, other]) } == nil)
        #expect(throws: Mistakes([one, other])) { try mistakes.throwIfAny() }
    }
}
