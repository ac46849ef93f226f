// SPDX-License-Identifier: Apache-2.0
import Foundation
import Settings
import TestSupport
import Testing

@Suite struct TextFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func line(_ path: String) -> String {
        do throws(Mistake) {
            _ = try TextFile.read(path)
            return "no mistake"
        } catch {
            return error.description
        }
    }

    @Test func readsAFileWhole() throws {
        let text = String(repeating: "größer als ein Puffer\n", count: 10_000)
        #expect(try TextFile.read(directory.write(text, to: "a.conf")) == text)
    }

    @Test func readsAnEmptyFile() throws {
        #expect(try TextFile.read(directory.write("", to: "a.conf")) == "")
    }

    @Test func aByteOrderMarkIsNoText() throws {
        #expect(try TextFile.read(directory.write("\u{FEFF}[polling]\n", to: "a.conf")) == "[polling]\n")
    }

    @Test func saysThatAFileIsNotThere() {
        let path = directory("nosuch.conf")
        #expect(
            line(path) == "\(path): cannot be read: No such file or directory; allowed: a file that this user may read")
    }

    @Test func refusesWhatIsNoPlainFile() {
        #expect(line(directory.path) == "\(directory.path): a directory, not a plain file; allowed: a text file")
        #expect(line("/dev/zero") == "/dev/zero: a device, not a plain file; allowed: a text file")
    }

    @Test func aPipeThatNobodyWritesToKeepsNobodyWaiting() throws {
        let path = directory("pipe")
        #expect(mkfifo(path, 0o600) == 0)
        #expect(line(path) == "\(path): a named pipe, not a plain file; allowed: a text file")
    }

    @Test func refusesBytesThatAreNoUTF8() throws {
        let path = directory("latin1.conf")
        try Data([0x68, 0x0A, 0x68, 0xF6, 0x68, 0x65]).write(to: URL(filePath: path))
        #expect(line(path) == "\(path):2: bytes that are not UTF-8; allowed: UTF-8 text")
    }

    @Test func refusesMoreThan16MiB() throws {
        let path = try directory.write("", to: "large.conf")
        #expect(truncate(path, (16 << 20) + 1) == 0)
        #expect(line(path) == "\(path): a file of over 16 MiB; allowed: a smaller text file")
    }

    @Test func listsTheFilesOfADirectoryByName() throws {
        for name in ["20-b.conf", "10-a.conf", "c.conf.bak", ".hidden.conf", "README"] {
            try directory.write("", to: name)
        }
        #expect(
            try TextFile.list(directory.path, ending: ".conf") == [directory("10-a.conf"), directory("20-b.conf")])
    }

    @Test func aDirectoryThatIsNotThereCannotBeListed() {
        #expect(throws: Mistake.self) { try TextFile.list(directory("nosuch"), ending: ".conf") }
    }
}
