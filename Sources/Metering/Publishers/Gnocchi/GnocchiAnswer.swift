// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
internal import Settings
internal import Wire

/// What Gnocchi says where it refuses something: `{"description": {"cause": …, "detail": …}}`, or words.
struct GnocchiAnswer: Sendable {
    let http: HTTPAnswer
    private let description: WireValue?

    init(_ http: HTTPAnswer) {
        self.http = http
        let json = try? WireValue(json: http.body, within: WireLimits(bytes: HTTPAnswer.mostBytes))
        description = json?["description"] ?? json
    }

    /// Gnocchi says what it did in JSON or not at all; whoever says something else is not Gnocchi.
    var isGood: Bool { http.storeMeaning == .taken && http.isJSONOrEmpty }

    /// In Gnocchi's words, such as `Unknown resources`; nil where it tells none.
    var cause: String? {
        if case .string(let text)? = description?["cause"] { text } else { nil }
    }

    /// For a person.
    var words: String {
        let told: String
        if let cause {
            told = "\(cause): \(detail)"
        } else if case .string(let text)? = description {
            told = text
        } else {
            return http.words
        }
        return "HTTP \(http.status): \(told)".shortened(to: 400)
    }

    private var detail: String {
        if case .string(let reason)? = description?["reason"] { return reason }
        guard let detail = description?["detail"] else { return "" }
        var bytes: [UInt8] = []
        bytes.appendJSON(detail)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The resources that it does not know, as they were called in the request.
    var unknownResources: [String] {
        guard cause == "Unknown resources", case .array(let items)? = description?["detail"] else { return [] }
        return items.compactMap { item in
            for key in ["original_resource_id", "resource_id"] {
                if case .string(let text)? = item[key] { return text }
            }
            return nil
        }
    }

    /// Why a request is to be made again later.
    func postponement(_ action: String) -> some Error {
        var postponement = http.postponement
        let isStranger = http.storeMeaning == .taken
        let advice = isStranger ? "; that is no answer of Gnocchi's: see what answers there" : http.advice
        postponement.description = "could not \(action): \(words)\(advice)"
        return postponement
    }
}
