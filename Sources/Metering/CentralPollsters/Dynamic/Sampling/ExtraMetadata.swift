// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Telemetry

/// Fetches what a pollster's samples are to say besides, and keeps the answers for as long as their definitions say.
actor ExtraMetadata {
    private struct Kept {
        var answer: ExpressionValue
        var until: MonotonicTime
    }

    private struct Key: Hashable {
        var origin: DynamicDefinition.Request.Origin
        var headers: [DynamicDefinition.Request.Header]
        var target: String
    }

    /// Answers kept at most; the projects of a large cloud are a few thousand.
    private static let most = 20_000

    private let sources: AnswerSources
    private var kept: [Key: Kept] = [:]

    init(_ sources: AnswerSources) { self.sources = sources }

    /// - Returns: fields of metadata, each once; what could not be fetched is left out and noted.
    func fields(
        for reading: DynamicReading, of definition: DynamicDefinition, by deadline: MonotonicTime
    ) async -> (fields: [ExpressionValue.Entry], flaws: DynamicDefinition.Flaws) {
        var flaws = DynamicDefinition.Flaws()
        guard let extra = definition.extra else { return ([], flaws) }
        let sample = reading.sample
        if extra.skipped.contains(where: { sample.includes($0) }) { return ([], flaws) }
        var captured = ExpressionValue.dictionary([])
        var byName = ExpressionValue.dictionary([])
        for definition in extra.definitions {
            let names = [
                "sample": sample, "extra_metadata_captured": captured, "extra_metadata_by_name": byName,
            ]
            do {
                let target = try definition.request.target.value(names: names)
                let answer = try await answer(definition, target, deadline)
                for entry in try definition.entries(of: answer) {
                    for reading in definition.readings(of: entry, names: names, &flaws) {
                        let (more, others) = await fields(for: reading, of: definition, by: deadline)
                        flaws.add(others)
                        captured = captured.setting(reading.name, reading.value)
                        // The last that says something counts.
                        for field in reading.metadata + more where field.value != .none {
                            captured = captured.setting(field.key, field.value)
                        }
                        let known: [ExpressionValue.Entry] = [
                            .init("value", reading.value), .init("metadata", .dictionary(reading.metadata)),
                        ]
                        byName = byName.setting(reading.name, .dictionary(known))
                    }
                }
            } catch {
                flaws.add("extra metadata \(definition.name): \(error)")
            }
        }
        guard case .dictionary(let fields) = captured else { return ([], flaws) }
        return (fields, flaws)
    }

    private func answer(
        _ definition: DynamicDefinition, _ target: String, _ deadline: MonotonicTime
    ) async throws -> ExpressionValue {
        let request = definition.request
        let key = Key(origin: request.origin, headers: request.headers, target: target)
        let now = MonotonicTime.now
        if let known = kept[key], now < known.until { return known.answer }
        let bytes = try await sources.answer(to: request, target, endpoint: nil, by: deadline)
        let answer = try ResponseHandler.value(of: bytes, by: request.handlers)
        if definition.cacheTime > .zero {
            if kept.count >= Self.most { kept = kept.filter { now < $0.value.until } }
            if kept.count >= Self.most { kept.removeAll() }
            kept[key] = Kept(answer: answer, until: now + definition.cacheTime)
        }
        return answer
    }
}

extension AnswerSources {
    /// - Parameter deadline: of the cycle; the request's own time may be shorter.
    func answer(
        to request: DynamicDefinition.Request, _ target: String, endpoint: String?, by deadline: MonotonicTime
    ) async throws -> [UInt8] {
        let limit = request.timeout.map { .now + $0 } ?? deadline
        var question = Question(target: target, deadline: min(limit, deadline))
        question.isOptional = request.isOptional
        question.headers = request.headers.map { ($0.name, $0.value) }
        switch request.origin {
        case .command: return try await command.answer(to: question)
        case .web(let credential):
            question.credential = credential
            return try await web.answer(to: question)
        case .openStack(let type):
            guard let cloud else { throw AnswerError("no cloud is configured; see [service_credentials]") }
            question.serviceType = type
            question.endpoint = endpoint
            return try await cloud.answer(to: question)
        }
    }
}

extension ExpressionValue {
    /// Whether it has all that `part` has, at every depth.
    func includes(_ part: ExpressionValue) -> Bool {
        guard case .dictionary(let entries) = part, case .dictionary = self else { return isEqual(to: part) }
        return entries.allSatisfy { value(of: $0.key).includes($0.value) }
    }
}
