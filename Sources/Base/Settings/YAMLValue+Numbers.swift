// SPDX-License-Identifier: Apache-2.0
package import Expressions
internal import Yams

extension YAMLValue {
    /// A finite number that isn't quoted; nil for anything else.
    package var number: ExpressionValue? {
        guard case .scalar(let scalar) = node else { return nil }
        if node.tag == Tag(.int) { return Int.construct(from: scalar).map { .integer(Int128($0)) } }
        guard node.tag == Tag(.float), let real = Double.construct(from: scalar), real.isFinite else { return nil }
        return .real(real)
    }

    /// A truth value: `true` and `false`, or what YAML takes for them.
    package func boolean() throws(Mistake) -> Bool {
        guard case .scalar(let scalar) = node, let bool = Bool.construct(from: scalar) else {
            throw mistake(allowed: "true or false")
        }
        return bool
    }

    /// That the expression or pattern that stands here can't be taken.
    package func mistake(_ mistake: ExpressionMistake) -> Mistake {
        Mistake(
            place, path, found: "column \(mistake.column): \(mistake.found)", allowed: mistake.allowed,
            near: mistake.near)
    }
}
