// SPDX-License-Identifier: Apache-2.0
internal import Expressions
internal import JSONText

extension ExpressionValue {
    private var wireValue: WireValue {
        switch self {
        case .missing, .none: .null
        case .bool(let bool): .bool(bool)
        case .integer(let integer): .integer(integer)
        case .real(let real): .real(real)
        case .string(let string): .string(string)
        case .list(let items): .array(items.map(\.wireValue))
        case .dictionary(let entries): .object(entries.map { WireValue.Entry($0.key, $0.value.wireValue) })
        }
    }

    /// A list or an object as a text.
    var jsonText: String {
        var bytes: [UInt8] = []
        bytes.appendJSON(wireValue)
        return String(decoding: bytes, as: UTF8.self)
    }
}
