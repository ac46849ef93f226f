// SPDX-License-Identifier: Apache-2.0
internal import JSONText

/// Why a cloud did not give what it was asked for, in one line: what was asked, what was said, what to check.
package struct CloudError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: Sendable, Hashable {
        /// Keystone does not take the credentials.
        case loginRefused
        /// The catalog has no such service, but others.
        case noSuchService
        /// The catalog has no such interface or region of a service, or none at all, or the address is not of it.
        case noSuchEndpoint
        /// Nobody there, or nobody who stays.
        case unreachable
        /// No whole answer in time.
        case timedOut
        /// The service's answer, which is no success.
        case status(Int)
        /// The answer is none that can be understood.
        case unreadable
    }

    package let kind: Kind
    package let description: String

    init(_ kind: Kind, _ description: String) {
        self.kind = kind
        // Scalars, not characters: one may be made of thousands.
        let line = description.unicodeScalars.prefix(600).map {
            [.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
                ? " " : String($0)
        }.joined()
        self.description = line
    }

    /// The HTTP status, where there was one that is no success.
    package var status: Int? {
        guard case .status(let status) = kind else { return nil }
        return status
    }

    /// Of an answer without success.
    init(_ answer: CloudAnswer, to request: ServiceRequest, tries: Int) {
        let words = Self.words(in: answer)
        let said = words.isEmpty ? "" : ": \(words)"
        let often = tries > 1 ? " after \(tries) tries" : ""
        self.init(
            .status(answer.status),
            "could not \(request.shown): HTTP \(answer.status)\(said)\(often)\(Self.advice(answer, request))")
    }

    private static func advice(_ answer: CloudAnswer, _ request: ServiceRequest) -> String {
        switch answer.status {
        case 300..<400:
            "; redirections are not followed (\(answer.header("location") ?? "nowhere")): check the service's endpoint "
                + "in the catalog, \(answer.url)"
        case 401: "; the service does not take Keystone's token: check its own connection to Keystone"
        case 403: "; check the roles of the user"
        case 404: "; check the service's endpoint in the catalog, \(answer.url)"
        case 406: request.microversion.map { "; it may not know version \($0)" } ?? ""
        case 413, 429: "; it limits how often it may be asked"
        default: ""
        }
    }

    /// What the service says for people: each has an own form for it.
    static func words(in answer: CloudAnswer) -> String {
        if let json = try? answer.json(), let text = message(in: json, depth: 0) { return String(text.prefix(300)) }
        let text = String(decoding: answer.body.prefix(4096), as: UTF8.self)
        let isMarkup = text.contains("<html") || text.contains("<title")
        let title = text.split(separator: "<title>").dropFirst().first?.prefix { $0 != "<" }
        return isMarkup ? String(title ?? "") : String(text.prefix(200))
    }

    private static func message(in value: WireValue, depth: Int) -> String? {
        switch value {
        case .string(let text) where depth > 0: return text
        case .object(let entries) where depth < 4:
            for key in ["message", "detail", "error_message", "faultstring", "debuginfo", "title"] {
                if case .string(let text)? = value[key], !text.isEmpty { return text }
            }
            return entries.lazy.compactMap {
                if case .string = $0.value { return nil }
                return message(in: $0.value, depth: depth + 1)
            }.first
        case .array(let items) where depth < 4:
            return items.lazy.compactMap { message(in: $0, depth: depth + 1) }.first
        default: return nil
        }
    }
}
