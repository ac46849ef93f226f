// SPDX-License-Identifier: Apache-2.0
import Digests
import Testing

@Suite struct SHA224Tests {
    @Test(arguments: [
        ("", "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f"),
        ("abc", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"
        ),
    ])
    func givesTheDigestsOfRFC3874(text: String, digest: String) {
        #expect(SHA224.hex(text) == digest)
    }

    @Test func givesTheDigestOfAMillionTimesA() {
        #expect(
            SHA224.hex(String(repeating: "a", count: 1_000_000))
                == "20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67")
    }

    @Test func digestsTheBytesOfUTF8() {
        #expect(SHA224.hex("größer") == "363270218cede8164831b750ef0ab3cf9241ec92f56898f014cb4436")
    }
}
