// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel

extension JSONValue {
    /// A text that must be there.
    func text(_ key: String, of what: String) throws(ModelFormatError) -> String {
        guard let text = self[key]?.string else {
            throw ModelFormatError("\(what): \(key) is \(self[key]?.json ?? "missing"); allowed: a text")
        }
        return text
    }

    /// A number without a fraction, which some services give as a text; what is after the point is cut off. Nil for
    /// what no count or size can be.
    var wholeNumber: Int? {
        let number = number ?? string.flatMap { Double($0) }
        guard let number, number > -1, number <= Double(ElementLimits.integers.upperBound) else { return nil }
        return Int(number.rounded(.towardZero))
    }
}
