// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Settings
internal import Wire

/// What the other side said to a batch.
struct HTTPAnswer: Sendable {
    enum Meaning: Sendable, Equatable {
        case taken
        /// It will never be taken as it is.
        case refused
        case tooLarge
        /// Who asks is not known, or may not.
        case unauthorized
        case later
    }

    /// An answer is read so far.
    static let mostBytes = 1 << 20

    var status: Int
    /// Of the header field; only seconds are understood, not dates.
    var retryAfter: String?
    var body: [UInt8]
    /// In words that the other side's format has for it; nil where ``words`` finds them.
    var reason: String?

    var meaning: Meaning {
        switch status {
        case 200..<300: isForBrowsers ? .later : .taken
        case 413: .tooLarge
        case 400, 411, 415, 422: .refused
        case 401, 403: .unauthorized
        default: .later
        }
    }

    /// For a person: the status, and what our collector or another server with problem details says to it.
    var words: String {
        if let reason { return reason }
        let json = json
        let told = ["detail", "title", "description", "message", "error"].lazy.compactMap { key -> String? in
            guard case .string(let text)? = json?[key] else { return nil }
            return text
        }.first
        // Prometheus says it in plain words; a page is for browsers.
        let line = body.prefix(1000).prefix { $0 != 0x0A }
        let isPage = json != nil || line.first == UInt8(ascii: "<") || line.isEmpty
        let detail = told ?? (isPage ? nil : String(decoding: line, as: UTF8.self))
        return "HTTP \(status)" + (detail.map { ": \($0.shortened(to: 300))" } ?? "")
    }

    /// What to do about it.
    var advice: String {
        switch status {
        case 200..<300: ", with a page for browsers; something else answers there: see the publisher's URL"
        case 300..<400: "; redirections are not followed: name the new place"
        case 401, 403: "; see token_file, or user and password, of the publisher"
        case 404, 405: "; see the publisher's path"
        default: ""
        }
    }

    var postponement: Postponement {
        let seconds = retryAfter.flatMap { Int($0) }.map { min(max($0, 0), 3600) } ?? 0
        return Postponement(words + advice, pause: .seconds(seconds))
    }

    /// Which samples were refused and why, as our collector tells it: `{"refusals": [{"index": 0, "reason": …}]}`.
    var refusals: [(index: Int, reason: String)] {
        guard case .array(let items)? = json?["refusals"] else { return [] }
        return items.compactMap { item in
            guard case .integer(let index)? = item["index"], let index = Int(exactly: index) else { return nil }
            let words = ["reason", "detail"].compactMap { key -> String? in
                guard case .string(let text)? = item[key] else { return nil }
                return text.shortened(to: 300)
            }
            return (index, words.joined(separator: ": "))
        }
    }

    /// How many samples were refused, which may be more than are told why.
    var refused: Int {
        guard case .integer(let count)? = json?["refused"], let count = Int(exactly: count) else {
            return refusals.count
        }
        return count
    }

    /// A page of a proxy on the way or of a login: nobody who stores samples answers so.
    private var isForBrowsers: Bool {
        let start = String(decoding: body.prefix(200), as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
            .prefix(14).lowercased()
        return start.hasPrefix("<html") || start.hasPrefix("<!doctype html")
    }

    /// How many samples our collector says it has stored; nil in another one's answer.
    var stored: Int? {
        guard case .integer(let count)? = json?["stored"] else { return nil }
        return Int(exactly: count)
    }

    /// Whether there is nothing in it, or JSON.
    var isJSONOrEmpty: Bool { body.isEmpty || json != nil }

    private var json: WireValue? { try? WireValue(json: body, within: WireLimits(bytes: Self.mostBytes)) }
}
