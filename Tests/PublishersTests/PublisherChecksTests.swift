// SPDX-License-Identifier: Apache-2.0
import Settings
import TestSupport
import Testing

/// What is found out about a publisher's URL before anything is sent.
@Suite struct PublisherChecksTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func line(_ url: String) -> String {
        do {
            _ = try publisher(url)
            return "no mistake"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: ["stdout", "stdout://", "stdout://?format=json", "stdout://?format=human"])
    func standardOutputTakesTwoFormats(url: String) {
        #expect(line(url) == "no mistake")
    }

    @Test func anotherFormatIsRefused() {
        #expect(
            line("stdout://?format=jsn")
                == "pipeline.yaml:1: publisher stdout://?format=…, option format: unknown name \"jsn\"; "
                + "allowed: one of human, json; did you mean json?")
    }

    @Test func anOptionThatIsNotKnownIsRefused() {
        #expect(
            line("file:///tmp/s?max_byte=1")
                == "pipeline.yaml:1: publisher file:///tmp/s?max_byte=…, options: unknown name \"max_byte\"; "
                + "allowed: one of backup_count, json, max_bytes; did you mean max_bytes?")
    }

    @Test func aSchemeThatIsNotKnownIsRefused() {
        #expect(
            line("kafka://")
                == "pipeline.yaml:1: publishers: unknown name \"kafka://\"; allowed: one of discard://, file://, "
                + "gnocchi+http://, gnocchi+https://, gnocchi://, http://, https://, notifier://, opentelemetryhttp://, "
                + "prometheus://, remotewrite://, remotewrites://, stdout://, tcp://, udp://"
        )
    }

    @Test(arguments: ["file://", "file://samples", "file://./samples", "file:///var/log/", "file"])
    func aFileNeedsAnAbsolutePath(url: String) {
        #expect(line(url).hasSuffix(": no absolute path of a file; allowed: file:///path/to/file"))
    }

    @Test func aDirectoryThatIsNotThereIsRefused() {
        #expect(
            line("file://\(directory("nosuch/samples"))")
                == "pipeline.yaml:1: publisher file://\(directory("nosuch/samples")): a directory that can't be "
                + "written to: No such file or directory; allowed: a path in a directory that is there and that this user may "
                + "write to")
    }

    @Test func aDirectoryIsNoFile() throws {
        try directory.write("", to: "logs/a")
        #expect(
            line("file://\(directory("logs"))")
                == "pipeline.yaml:1: publisher file://\(directory("logs")): a directory; "
                + "allowed: a file that this user may write to, or none yet")
    }

    @Test func nothingIsMadeYet() throws {
        #expect(line("file://\(directory("samples"))?max_bytes=1000&backup_count=2") == "no mistake")
        #expect(try directory.names == [])
    }

    @Test(arguments: ["max_bytes=1000", "backup_count=2"])
    func rotationNeedsBothOptions(option: String) {
        #expect(
            line("file://\(directory("samples"))?\(option)")
                .hasSuffix(": one of max_bytes and backup_count without the other; allowed: both, or neither"))
    }

    @Test(arguments: [
        ("max_bytes=0&backup_count=2", "option max_bytes: \"0\""),
        ("max_bytes=1k&backup_count=2", "option max_bytes: \"1k\""),
        ("max_bytes=9&backup_count=0", "option backup_count: \"0\""),
        ("max_bytes=&backup_count=2", "option max_bytes: \"\""),
    ])
    func rotationNeedsNumbersThatCanBe(options: String, words: String) {
        #expect(
            line("file://\(directory("samples"))?\(options)").hasPrefix(
                "pipeline.yaml:1: publisher file://\(directory("samples"))?backup_count=…&max_bytes=…, \(words); "
                    + "allowed: a whole number"))
    }
}
