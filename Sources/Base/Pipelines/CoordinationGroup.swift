// SPDX-License-Identifier: Apache-2.0
internal import Expressions
package import Settings

/// What a source's `group_id_coordination_expression` says: which agents have the source's pollsters among them, each
/// of them one agent's. Those for whom it has the same value are one group.
package struct CoordinationGroup: Sendable, Hashable {
    private let expression: Expression
    package let place: Mistake.Place

    /// As in Ceilometer's own code, which evaluates it: the agent, whose options are its `conf`, and the source.
    private static let names = ["self", "p", "host"]

    init(_ value: YAMLValue) throws(Mistake) {
        place = value.place
        let text = try value.string()
        do throws(ExpressionMistake) {
            expression = try Expression(text, names: .these(Self.names))
        } catch {
            throw value.mistake(error)
        }
    }

    /// The group's name: the source's, and what the expression gives.
    ///
    /// - Parameter hostName: what `host`, and `self.conf.host`, stand for.
    package func name(of source: String, hostName: String) throws(Mistake) -> String {
        do throws(EvaluationError) {
            let value = try expression.value(in: Scope(source: source, hostName: hostName))
            guard value != .missing else { throw EvaluationError("a name that stands for nothing") }
            return "\(source)-\(value.pythonText)"
        } catch {
            throw Mistake(
                place, "source \(source.quoted), group_id_coordination_expression", found: "\(error)",
                allowed: "texts in quotation marks, host (also self.conf.host) and p.name, the source's, and + between")
        }
    }

    private struct Scope: ExpressionScope {
        var source: String
        var hostName: String

        func value(at path: [String]) -> ExpressionValue {
            switch path {
            case ["host"], ["self", "conf", "host"]: .string(hostName)
            case ["p", "name"]: .string(source)
            default: .missing
            }
        }
    }
}
