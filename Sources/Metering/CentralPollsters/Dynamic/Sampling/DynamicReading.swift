// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import Settings

/// What one entry of an answer says by one definition.
struct DynamicReading {
    /// The meter's.
    var name: String
    var value: ExpressionValue
    var metadata: [ExpressionValue.Entry]
    /// The entry with its `user_id`, `project_id` and `id`.
    var entry: ExpressionValue

    /// The entry as expressions of extra metadata, and their conditions, see it.
    var sample: ExpressionValue {
        entry.setting("value", value).setting("metadata", .dictionary(metadata))
    }

    func identifier(_ key: String) -> String? {
        switch entry.value(of: key) {
        case .missing, .none: nil
        case let value: value.pythonText.isEmpty ? nil : value.pythonText
        }
    }
}

extension DynamicDefinition {
    /// What a page said besides samples.
    struct Flaws {
        /// The first words of each kind, and how many entries it is about.
        private(set) var counts: [String: Int] = [:]
        /// Values that no mapping has.
        private(set) var unmapped: Set<String> = []

        mutating func add(_ words: String) {
            if counts[words] != nil || counts.count < 20 { counts[words, default: 0] += 1 }
        }

        mutating func addUnmapped(_ value: ExpressionValue) {
            if unmapped.count < 20 { unmapped.insert(value.pythonText.shortened(to: 60)) }
        }

        mutating func add(_ others: Flaws) {
            counts.merge(others.counts) { $0 + $1 }
            unmapped.formUnion(others.unmapped)
        }
    }

    /// - Parameter names: what expressions may name besides `value`.
    func readings(
        of entry: ExpressionValue, names: [String: ExpressionValue] = [:], _ flaws: inout Flaws
    ) -> [DynamicReading] {
        var entry = entry
        do throws(EvaluationError) {
            for (key, path) in [("user_id", userID), ("project_id", projectID), ("id", resourceID)] {
                if let path, case let value = try path.value(in: entry, names: names), value.isPresent {
                    entry = entry.setting(key, value)
                }
            }
            let metadata = metadata(of: entry, names, &flaws)
            guard let submetrics else {
                let value = try taken(value.value(in: entry, names: names))
                guard !isSkipped(value) else { return [] }
                return [DynamicReading(name: name, value: mapped(value, &flaws), metadata: metadata, entry: entry)]
            }
            guard case .list(let items) = entry.value(of: submetrics.list) else {
                throw EvaluationError("no list \(submetrics.list)")
            }
            let stem = name.prefix { $0 != "{" }
            var readings: [DynamicReading] = []
            for item in items {
                let word = item.value(of: submetrics.name)
                let value = try taken(value.value(in: item, names: names))
                guard word.isPresent else { throw EvaluationError("no \(submetrics.name) in \(submetrics.list)") }
                guard !isSkipped(value), !isSkipped(word) else { continue }
                readings.append(
                    DynamicReading(name: stem + word.pythonText, value: value, metadata: metadata, entry: entry))
            }
            return readings
        } catch {
            flaws.add("\(error)")
            return []
        }
    }

    private func taken(_ value: ExpressionValue) throws(EvaluationError) -> ExpressionValue {
        guard value.isPresent else { throw EvaluationError("no \(self.value.text)") }
        return value
    }

    private func isSkipped(_ value: ExpressionValue) -> Bool { skippedValues.contains { $0.isEqual(to: value) } }

    private func mapped(_ value: ExpressionValue, _ flaws: inout Flaws) -> ExpressionValue {
        guard let mapping else { return value }
        if let found = mapping.first(where: { $0.from.isEqual(to: value) }) { return found.to }
        flaws.addUnmapped(value)
        return defaultValue
    }

    /// A field that isn't there is left out; one that can't be computed too, and said.
    private func metadata(
        of entry: ExpressionValue, _ names: [String: ExpressionValue], _ flaws: inout Flaws
    ) -> [ExpressionValue.Entry] {
        var found: [ExpressionValue.Entry] = []
        for field in metadata {
            do throws(EvaluationError) {
                let value = try field.path.value(in: entry, names: names)
                if value.isPresent { for name in field.names { found.append(.init(name, value)) } }
            } catch {
                flaws.add("metadata field \(field.path.text.shortened()): \(error)")
            }
        }
        return found
    }

    /// The entries of an answer.
    func entries(of answer: ExpressionValue) throws -> [ExpressionValue] {
        if case .list(let items) = answer { return items }
        guard case .dictionary(let all) = answer else { return [] }
        // Links to other pages are nobody's entries, wherever a service writes them.
        guard let first = all.first(where: { !$0.key.hasSuffix("links") }) ?? all.first else { return [] }
        let found = try request.entries?.value(in: answer) ?? first.value
        switch found {
        case .list(let items): return items
        case .dictionary: return [found]
        case .none: return []
        // Without lists and objects the answer is one entry itself.
        case _ where request.entries == nil: return [answer]
        default:
            throw AnswerError("no list at response_entries_key \(request.entries?.text.shortened() ?? "")")
        }
    }
}
