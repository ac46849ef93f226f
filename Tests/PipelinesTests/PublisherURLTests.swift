// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Testing

@Suite struct PublisherURLTests {
    private func url(_ text: String) throws -> PublisherURL {
        let root = try YAMLValue(file: "a.yaml", text: "u: '\(text)'").mapping(known: ["u"])
        return try PublisherURL(try #require(root["u"]))
    }

    private func line(_ text: String) -> String {
        do {
            return "no mistake in \(try url(text))"
        } catch {
            return "\(error)"
        }
    }

    @Test(
        arguments: [
            ("stdout", "stdout", "", [:]), ("stdout://", "stdout", "", [:]),
            ("file:///var/log/a", "file", "/var/log/a", [:]),
            ("file:///a?max_bytes=10&backup_count=2", "file", "/a", ["max_bytes": "10", "backup_count": "2"]),
            ("https://u:p@h:443/x?a=b=c&d=", "https", "u:p@h:443/x", ["a": "b=c", "d": ""]),
            ("file:///a?", "file", "/a", [:]),
        ] as [(String, String, String, [String: String])])
    func readsItsParts(text: String, scheme: String, location: String, options: [String: String]) throws {
        let url = try url(text)
        #expect(url.scheme == scheme && url.location == location && url.options == options)
    }

    @Test(arguments: ["://x", "a b://c", "/var/log/a"])
    func whatHasNoSchemeIsRefused(text: String) {
        #expect(
            line(text) == "a.yaml:1: u: \"\(text)\"; "
                + "allowed: a publisher, such as stdout:// or file:///var/log/samples.jsonl")
    }

    @Test(arguments: ["stdout://?format", "stdout://?=json", "stdout://?a=b&format"])
    func anOptionNeedsANameAndAValue(text: String) {
        #expect(line(text).hasSuffix("; allowed: option=value, with & between them, after the ?"))
    }

    @Test func aBrokenOptionShowsNoValueOfOthers() {
        let found = line("https://u:hunter2@h/?token=hunter3&batch")
        #expect(
            found.hasPrefix("a.yaml:1: publisher https://u:***@h/?token=…: ") && !found.contains("hunter"), "\(found)")
    }

    @Test func isShownWithoutItsSecrets() throws {
        #expect(try url("https://u:hunter2@h/p?token=hunter3&batch=1").shown == "https://u:***@h/p?batch=…&token=…")
        #expect(try url("file:///a").shown == "file:///a")
        #expect(try url("stdout").shown == "stdout://")
    }

    @Test func anOptionMayBeAWholeNumberInARange() throws {
        let url = try url("file:///a?max_bytes=10")
        #expect(try url.integer("max_bytes", 1...100) == 10)
        #expect(try url.integer("backup_count", 1...100) == nil)
        let mistake = Mistake(
            url.place, "publisher file:///a?max_bytes=…, option max_bytes", found: "\"10\"",
            allowed: "a whole number from 1 to 5")
        #expect(throws: mistake) { try url.integer("max_bytes", 1...5) }
    }
}
