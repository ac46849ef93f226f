// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import CentralPollsters

struct CommandWordsTests {
    @Test(arguments: [
        (
            "aws s3api list-objects --starting-token \"a b\"",
            ["aws", "s3api", "list-objects", "--starting-token", "a b"]
        ),
        ("echo '<a b=\"c\">|;$x</a>'", ["echo", "<a b=\"c\">|;$x</a>"]),
        ("printf '%s' it\\'s ''", ["printf", "%s", "it's", ""]),
        ("grep \"a\\\"b\\n\" --x=y", ["grep", "a\"b\\n", "--x=y"]),
    ])
    func wordsArePartedAsByAShell(_ text: String, _ words: [String]) { #expect(CommandWords.of(text) == words) }

    @Test(arguments: [
        "ls | wc", "ls > file", "echo $HOME", "echo \"$HOME\"", "echo `date`", "a; b", "a && b", "ls *.yaml", "ls ~",
        "A=b env", "echo 'open", "# nothing", "",
    ])
    func whatMeansMoreIsLeftToAShell(_ text: String) { #expect(CommandWords.of(text) == nil) }
}
