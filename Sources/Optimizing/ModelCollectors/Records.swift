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

    /// A number without a fraction, which some services give as a text; what is after the point is cut off.
    var wholeNumber: Int? {
        integer
            ?? (number ?? string.flatMap { Double($0) }).flatMap {
                $0.isFinite ? Int(exactly: $0.rounded(.towardZero)) : nil
            }
    }
}
