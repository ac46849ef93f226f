// SPDX-License-Identifier: Apache-2.0
internal import JSONText
internal import Logging
internal import Pipelines
internal import Telemetry

extension DeadLetterFile {
    /// Of a notification's body, in bytes; the rest is cut off.
    private static let mostOfBody = 64 << 10

    /// A notification that nothing can be made of.
    func append(_ body: [UInt8], reason: String, queue: String) {
        var bytes: [UInt8] = Array("{\"refused_at\":\"\(Timestamp.now)\",\"queue\":".utf8)
        bytes.appendJSON(queue)
        bytes += Array(",\"reason\":".utf8)
        bytes.appendJSON(reason)
        bytes += Array(",\"bytes\":\(body.count),\"body\":".utf8)
        // What is no UTF-8 is replaced: the file is one of texts.
        bytes.appendJSON(String(decoding: body.prefix(Self.mostOfBody), as: UTF8.self))
        bytes += Array("}\n".utf8)
        append(bytes, orSay: "a refused notification could not be kept", ["queue": "\(queue)"])
    }
}
