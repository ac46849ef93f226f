// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Notifications
import Testing

/// Messages that nothing can be made of, and what is said of them.
@Suite struct EnvelopeTests {
    private static let good =
        #"{"message_id":"m","publisher_id":"p","event_type":"e","priority":"INFO","payload":{},"#
        + #""timestamp":"2026-11-21 04:39:33"}"#

    private static func enveloped(_ inner: String) -> String {
        var bytes: [UInt8] = Array(#"{"oslo.version":"2.0","oslo.message":"#.utf8)
        bytes.appendJSON(inner)
        return String(decoding: bytes, as: UTF8.self) + "}"
    }

    private func refusal(_ text: String) -> String {
        do throws(WireError) {
            _ = try ReceivedNotification(body: Array(text.utf8))
            return "taken"
        } catch {
            return "\(error)"
        }
    }

    @Test func bothFormsAreTaken() {
        #expect(refusal(Self.good) == "taken")
        #expect(refusal(Self.enveloped(Self.good)) == "taken")
    }

    @Test(arguments: [
        ("", "byte 0: the end"), ("hello", "byte 0: h"), ("[1]", "message: a list; allowed: an object"),
        (#"{"oslo.version":"2.0","oslo.message":"{"}"#, "oslo.message.byte 1: the end"),
        (#"{"oslo.version":"3.0","oslo.message":"{}"}"#, "oslo.version: "),
        (#"{"oslo.version":"2.0","oslo.message":7}"#, "oslo.message: 7"),
        (good.replacing(#""event_type":"e","#, with: ""), "event_type: nothing; allowed: a text"),
        (good.replacing(#""event_type":"e""#, with: #""event_type":5"#), "event_type: 5; allowed: a text"),
        (good.replacing(#""message_id":"m""#, with: #""message_id":"""#), "message_id: \"\""),
        (good.replacing(#""payload":{},"#, with: ""), "payload: nothing"),
        (good.replacing("04:39:33", with: "25:00:00"), "timestamp: \"2026-11-21 25:00:00\""),
        (good.replacing("{}", with: "{\"a\":NaN}"), "byte "),
        (enveloped(enveloped(good)), "oslo.message"),
        (good.replacing("{}", with: String(repeating: "[", count: 100)), "byte "),
    ])
    func whatIsWrongIsTold(text: String, words: String) {
        #expect(refusal(text).hasPrefix(words), "\(refusal(text))")
    }

    @Test func aMessageOfTenMiBIsTakenAndALargerOneIsNot() {
        let filler = String(repeating: "x", count: 10 << 20)
        #expect(refusal(Self.good.replacing("{}", with: "{\"a\":\"\(filler)\"}")) == "taken")
        let more = String(repeating: "x", count: 17 << 20)
        #expect(refusal(Self.good.replacing("{}", with: "{\"a\":\"\(more)\"}")).contains("bytes"))
    }
}
