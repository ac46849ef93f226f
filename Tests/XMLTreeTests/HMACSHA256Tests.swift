// SPDX-License-Identifier: Apache-2.0
import Digests
import Testing

@Suite struct HMACSHA256Tests {
    private func hex(_ key: String, _ message: String) -> String {
        HMACSHA256(key: key).digest(of: Array(message.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    @Test(arguments: [
        ("\u{0B}", 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        (
            "Jefe", 1, "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
    ])
    func givesTheDigestsOfRFC4231(key: String, times: Int, message: String, digest: String) {
        #expect(hex(String(repeating: key, count: times), message) == digest)
    }

    @Test func aKeyLongerThanABlockIsDigestedFirst() {
        #expect(
            hex(String(repeating: "k", count: 65), "m")
                == "c2d7d4c2256ddb097409ec0c67e1d58fa1a007fc6932cac0d892a525d08af7cc")
    }

    @Test func oneKeyGivesTheSameDigestAgain() {
        let key = HMACSHA256(key: "secret")
        _ = key.digest(of: [1, 2, 3])
        #expect(key.digest(of: []) == HMACSHA256(key: "secret").digest(of: []))
        #expect(key.digest(of: []) != HMACSHA256(key: "").digest(of: []))
    }
}
