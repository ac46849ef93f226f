// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

/// What is found out about a URL that leads to another host before anything is sent.
@Suite struct RemoteChecksTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("secret\n", to: "token")
        try directory.write("\n", to: "empty")
    }

    private func line(_ url: String) -> String {
        do {
            _ = try made(url.replacing("@DIR@", with: directory.path))
            return "good"
        } catch {
            return "\(error)".replacing(directory.path, with: "@DIR@")
        }
    }

    @Test(arguments: [
        "http://host", "http://host/", "http://host:8080/a/b%20c", "https://[2001:db8::1]:443/x", "http://me:pw@host/x",
        "http://host?timeout=10&max_retries=0&batch=True&batch_size=1000&token_file=@DIR@/token",
        "https://host?verify_ssl=False", "udp://host", "udp://10.0.0.1:4952", "tcp://[::1]:4000", "tcp://h?timeout=3",
    ])
    func isGood(url: String) {
        #expect(line(url) == "good")
    }

    @Test(arguments: [
        (
            "http://",
            "publisher http://: no URL that can be posted to; allowed: http://host[:port][/path], other characters"
        ),
        ("http://host:0", "publisher http://host:0: no URL that can be posted to"),
        ("http://host:x/", "publisher http://host:x/: no URL that can be posted to"),
        ("http://ho st/", "publisher http://ho st/: no URL that can be posted to"),
        (
            "http://h?timeout=0",
            "publisher http://h?timeout=…, option timeout: \"0\"; allowed: a whole number from 1 to 3600"
        ),
        ("http://h?timeot=5", "publisher http://h?timeot=…, options: unknown name \"timeot\"; allowed: one of batch,"),
        ("http://h?batch=maybe", "publisher http://h?batch=…, option batch: \"maybe\"; allowed: True or False"),
        (
            "http://h?verify_ssl=False",
            "publisher http://h?verify_ssl=…, option verify_ssl: given for http; allowed: with https only"
        ),
        (
            "https://h?verify_ssl=/nosuch.pem",
            "publisher https://h?verify_ssl=…, option verify_ssl: \"/nosuch.pem\", which cannot be read: No such file or "
                + "directory; allowed: True, False or a PEM file"
        ),
        (
            "https://h?verify_ssl=@DIR@/token",
            "publisher https://h?verify_ssl=…, option verify_ssl: \"@DIR@/token\", which holds"
        ),
        ("https://h?clientkey=/x", "publisher https://h?clientkey=…, option clientkey: given without clientcert"),
        (
            "http://h?token_file=@DIR@/empty",
            "publisher http://h?token_file=…, option token_file: \"@DIR@/empty\", whose first line"
        ),
        (
            "http://a:b@h?token_file=@DIR@/token",
            "publisher http://a:***@h?token_file=…: a user and token_file; allowed: one"
        ),
        ("udp://", "publisher udp://: \"\"; allowed: udp://host or udp://host:port, the port from 1 to 65535"),
        ("udp://h:70000", "publisher udp://h:70000: \"h:70000\"; allowed: udp://host"),
        ("tcp://h/path", "publisher tcp://h/path: \"h/path\"; allowed: tcp://host"),
        ("tcp://[::1", "publisher tcp://[::1: \"[::1\"; allowed: tcp://host"),
        ("udp://h?timeout=1", "publisher udp://h?timeout=…, options: unknown name \"timeout\""),
    ])
    func isRefused(url: String, words: String) {
        #expect(line(url).hasPrefix("pipeline.yaml:1: \(words)"), "\(line(url))")
    }
}
