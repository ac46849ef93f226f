// SPDX-License-Identifier: Apache-2.0

/// A path as it was understood.
indirect enum JSONPathNode: Sendable, Hashable {
    /// `$`.
    case document
    /// `@`, and what a path begins at that begins with a name: the value it is asked of, at first the document.
    case this
    case literal(ExpressionValue)
    /// Of an object: the values of these keys.
    case names(JSONPathNode, [String])
    /// `.*`: all values of an object.
    case anyName(JSONPathNode)
    case index(JSONPathNode, Int)
    /// `[*]` and `[1:3]`. What is no list counts as a list of one.
    case slice(JSONPathNode, from: Int?, to: Int?)
    /// `a.(b)`: what the second finds in each that the first finds.
    case each(JSONPathNode, JSONPathNode)
    /// `..`: what the second finds in the value or anywhere in it.
    case descendants(JSONPathNode, JSONPathNode)
    /// `[?…]`: the items that pass all tests.
    case filter(JSONPathNode, [JSONPathTest])
    case union(JSONPathNode, JSONPathNode)
    /// `a where b`.
    case having(JSONPathNode, JSONPathNode)
    case operation(JSONPathNode, ArithmeticOperator, JSONPathNode)
    case length(JSONPathNode)
    case split(JSONPathNode, separator: String, segment: Int, most: Int?)
    case substitution(JSONPathNode, PythonPattern, PythonTemplate)

    /// The names from the document on, where there is nothing else.
    var chain: [String]? {
        switch self {
        case .document, .this: return []
        case .names(let base, let names) where names.count == 1: return base.chain.map { $0 + names }
        default: return nil
        }
    }

    func addFirstNames(to names: inout Set<String>) {
        switch self {
        case .document, .this, .literal: break
        case .names(.document, let own), .names(.this, let own): names.formUnion(own)
        case .names(let base, _), .anyName(let base), .index(let base, _), .slice(let base, _, _),
            .filter(let base, _), .length(let base), .split(let base, _, _, _), .substitution(let base, _, _),
            .descendants(let base, _), .each(let base, _), .having(let base, _):
            base.addFirstNames(to: &names)
        case .union(let left, let right), .operation(let left, _, let right):
            left.addFirstNames(to: &names)
            right.addFirstNames(to: &names)
        }
    }
}

/// One test of a filter.
struct JSONPathTest: Sendable, Hashable {
    var path: JSONPathNode
    /// nil asks whether the path finds anything.
    var comparison: Comparison?
    var value: ExpressionValue
}
