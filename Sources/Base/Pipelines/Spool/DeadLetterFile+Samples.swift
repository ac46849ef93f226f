// SPDX-License-Identifier: Apache-2.0
internal import Logging
internal import Telemetry
internal import Wire

extension DeadLetterFile {
    /// Samples that the other side refused for good.
    func append(_ letters: [DeadLetter], of publisher: String) {
        var bytes: [UInt8] = []
        for letter in letters {
            bytes += Array("{\"refused_at\":\"\(Timestamp.now)\",\"publisher\":".utf8)
            bytes.appendJSON(publisher)
            bytes += Array(",\"reason\":".utf8)
            bytes.appendJSON(letter.reason)
            bytes += Array(",\"sample\":".utf8) + letter.sample + Array("}\n".utf8)
        }
        append(
            bytes, orSay: "refused samples could not be kept",
            ["samples": "\(letters.count)", "publisher": "\(publisher)"])
    }
}
