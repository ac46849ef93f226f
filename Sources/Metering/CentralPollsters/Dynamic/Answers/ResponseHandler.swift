// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import JSONText
internal import XMLTree

/// How an answer is read.
enum ResponseHandler: String, Sendable, Hashable, CaseIterable {
    case json, xml, text

    /// Bytes of one page at most: what is more is no list of resources.
    static let mostBytes = 64 << 20

    func value(of bytes: [UInt8]) throws -> ExpressionValue {
        switch self {
        case .json:
            return ExpressionValue(try WireValue(json: bytes, within: WireLimits(bytes: Self.mostBytes, depth: 64)))
        case .xml:
            let root = try XMLElement(parsing: String(decoding: bytes, as: UTF8.self))
            return .dictionary([.init(root.name, ExpressionValue(root))])
        case .text:
            return .list([.dictionary([.init("out", .string(String(decoding: bytes, as: UTF8.self)))])])
        }
    }

    /// The first of them that can read it.
    static func value(of bytes: [UInt8], by handlers: [ResponseHandler]) throws(AnswerError) -> ExpressionValue {
        var reasons: [String] = []
        for handler in handlers {
            do {
                return try handler.value(of: bytes)
            } catch {
                reasons.append("no \(handler.rawValue): \(error)")
            }
        }
        throw AnswerError("an answer that can't be read: \(reasons.joined(separator: "; "))")
    }
}

/// Why an answer gives no samples, or only some.
struct AnswerError: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String
    /// Of HTTP, where that is why.
    let status: Int?

    init(_ description: String, status: Int? = nil) {
        self.description = description
        self.status = status
    }
}

extension ExpressionValue {
    init(_ value: WireValue) {
        switch value {
        case .null: self = .none
        case .bool(let bool): self = .bool(bool)
        case .integer(let integer): self = .integer(integer)
        case .real(let real): self = .real(real)
        case .string(let text): self = .string(text)
        case .binary: self = .none
        case .array(let items): self = .list(items.map { ExpressionValue($0) })
        case .object(let entries): self = .dictionary(entries.map { .init($0.key, ExpressionValue($0.value)) })
        }
    }

    /// As Python's xmltodict has it: an element without children is its text, nothing where it is empty; elements of
    /// one name are a list; attributes are `@name`, and text beside either is `#text`.
    init(_ element: XMLElement) {
        let text: ExpressionValue = element.text.isEmpty ? .none : .string(element.text)
        guard !element.children.isEmpty || !element.attributes.isEmpty else {
            self = text
            return
        }
        var entries = element.attributes.sorted { $0.key < $1.key }.map { Entry("@" + $0.key, .string($0.value)) }
        var places: [String: Int] = [:]
        var repeated: Set<String> = []
        for child in element.children {
            let value = ExpressionValue(child)
            guard let index = places[child.name] else {
                places[child.name] = entries.count
                entries.append(Entry(child.name, value))
                continue
            }
            if repeated.insert(child.name).inserted { entries[index].value = .list([entries[index].value]) }
            if case .list(var items) = entries[index].value {
                entries[index].value = .none  // so that the list is grown in its place
                items.append(value)
                entries[index].value = .list(items)
            }
        }
        if case .string = text { entries.append(Entry("#text", text)) }
        self = .dictionary(entries)
    }
}
