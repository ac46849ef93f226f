// SPDX-License-Identifier: Apache-2.0
extension TroubledProxy {
    /// What answers that are none look like.
    package enum Rubbish {
        /// No protocol at all; the same each time.
        package static let bytes = (0..<400).map { String(Unicode.Scalar(UInt8(33 + $0 * 7919 % 90))) }.joined() + "\n"
        package static let page = http("200 OK", "text/html", "<!DOCTYPE html><html><title>Back soon</title></html>")
        package static let words = http("200 OK", "text/plain", "everything is fine")
        package static let otherJSON = http("200 OK", "application/json", #"{"everything": "is fine"}"#)
        package static let broken = http("500 Internal Server Error", "text/plain", "Internal Server Error")

        private static func http(_ status: String, _ type: String, _ body: String) -> String {
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
                + "Connection: close\r\n\r\n\(body)"
        }
    }

    /// Every trouble that a service behind HTTP may have, by the words for it in the table.
    package static let httpTroubles: [(words: String, trouble: Trouble)] = [
        ("gone: refused, connections reset", .absent), ("hung: connections stay, nothing comes", .hung),
        ("hung in the middle of an answer", .hungMidway(40)), ("slow: 300 ms for each piece", .slow(300)),
        ("rubbish: bytes that are no HTTP", .rubbish(Rubbish.bytes)),
        ("rubbish: 200 and a page", .rubbish(Rubbish.page)),
        ("rubbish: 200 and words", .rubbish(Rubbish.words)),
        ("rubbish: 200 and other JSON", .rubbish(Rubbish.otherJSON)),
        ("rubbish: 500", .rubbish(Rubbish.broken)),
    ]
}
