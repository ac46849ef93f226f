// SPDX-License-Identifier: Apache-2.0
import Settings
import TestSupport
import Testing
import Web

@Suite struct AccessTokensTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func eachTokenOfTheFileIsGood() throws {
        let path = try directory.write(
            "# ours\n0123456789abcdef\n\n  fedcba9876543210fedcba9876543210  \n", to: "tokens")
        let tokens = try AccessTokens.read(path)
        #expect(tokens.contains("0123456789abcdef".utf8))
        #expect(tokens.contains("fedcba9876543210fedcba9876543210".utf8))
    }

    @Test(arguments: [
        "", "0", "0123456789abcdeF", "0123456789abcde", "0123456789abcdef0", "# ours", "0123456789abcdef\n",
    ])
    func nothingElseIsGood(token: String) {
        #expect(!AccessTokens(["0123456789abcdef", "fedcba9876543210"]).contains(token.utf8))
    }

    @Test func aTokenThatCouldBeGuessedIsRefusedWithoutShowingIt() throws {
        let path = try directory.write("0123456789abcdef\nsecret\n", to: "tokens")
        let mistakes = #expect(throws: Mistakes.self) { try AccessTokens.read(path) }
        #expect(
            mistakes?.description
                == "\(path):2: a token that is too short or not plain ASCII; allowed: at least 16 visible ASCII "
                + "characters, such as: openssl rand -hex 32")
    }

    @Test func aFileWithoutATokenIsRefused() throws {
        let path = try directory.write("# none yet\n", to: "tokens")
        let mistakes = #expect(throws: Mistakes.self) { try AccessTokens.read(path) }
        #expect(mistakes?.description == "\(path): no token; allowed: one on each line")
    }

    @Test func aFileThatIsNotThereIsNamed() throws {
        let mistakes = #expect(throws: Mistakes.self) { try AccessTokens.read(directory("tokens")) }
        #expect(mistakes?.description.contains("\(directory("tokens")): cannot be read") == true)
    }
}
