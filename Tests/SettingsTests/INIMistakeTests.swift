// SPDX-License-Identifier: Apache-2.0
import Settings
import Testing

@Suite struct INIMistakeTests {
    private func lines(_ text: String) -> [String] {
        do throws(Mistakes) {
            _ = try INIDocument(path: "a.conf", text: text)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test(arguments: ["[polling", "[]", "[", "[polling] # mine"])
    func aBrokenHeadIsShown(head: String) {
        #expect(lines("host = a\n\(head)\n") == ["a.conf:2: section head \"\(head)\"; allowed: [name]"])
    }

    @Test func keysUnderABrokenHeadAreNoMistakesOfTheirOwn() {
        #expect(lines("[polling\njitter = 1\n").count == 1)
    }

    @Test(arguments: ["hunter2", "=hunter2", ": hunter2", "hunter2 and more"])
    func aLineWithoutAKeyNeverShowsItsText(line: String) {
        let found = lines("[publisher]\n\(line)\n")
        #expect(
            found == ["a.conf:2: [publisher]: a line that is neither key = value nor [section]; allowed: key = value"])
    }

    @Test func anIndentedLineNeedsAKeyBeforeIt() {
        let expected = "a.conf:1: an indented line after no key; allowed: key = value, from the first column"
        #expect(lines("  hunter2\n") == [expected])
        #expect(lines("  host = a\n") == [expected])
    }

    @Test func anIndentedLineAfterAHeadHasNoKeyBeforeIt() {
        #expect(lines("host = a\n[polling]\n  jitter = 1\n").count == 1)
    }

    @Test func allMistakesOfAFileAreToldAtOnce() {
        let found = lines("[polling\nnonsense\n  host = a\n[]\n")
        #expect(found.count == 4)
        #expect(found.map { $0.prefix(9) } == ["a.conf:1:", "a.conf:2:", "a.conf:3:", "a.conf:4:"])
    }

    @Test func linesAreCountedInFilesWithCRLFToo() {
        #expect(lines("host = a\r\n\r\nnonsense\r\n").first?.hasPrefix("a.conf:3:") == true)
    }
}
