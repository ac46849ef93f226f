internal import Expressions
internal import ModelCollectors

// SPDX-License-Identifier: Apache-2.0
@testable internal import ComputePollsters

/// Small languages, and the descriptions that libvirt hands out.
extension FuzzTarget {
    static let texts = [
        FuzzTarget(
            "nova-xml",
            text: { text in
                guard let domain = try? DomainDescription(uuid: "u", xml: text) else { return }
                require(domain.uuid == "u", "another domain")
            }),
        FuzzTarget("model-xml", text: { text in _ = try? ModelFile.read(text) }),
        FuzzTarget(
            "expression",
            text: { text in
                guard let expression = try? Expression(text, names: .these(["value"])) else { return }
                _ = try? expression.value(in: Document())
            }),
        FuzzTarget(
            "jsonpath",
            text: { text in
                guard let path = try? JSONPath(text) else { return }
                let hasOne = path.values(in: Document.value).contains { $0 != .none }  // the first that is no null
                require((path.firstValue(in: Document.value) != nil) == hasOne, "first and all differ: \(text)")
            }),
        FuzzTarget(
            "pattern",
            text: { text in
                guard let pattern = try? PythonPattern(text),
                    let template = try? PythonTemplate("<\\g<0>>", for: pattern)
                else { return }
                _ = pattern.replacing(in: "abc-123_äöü", with: template)
            }),
        FuzzTarget(
            "glob",
            text: { text in
                let parts = text.split(separator: "\n", maxSplits: 1)
                _ = Glob(String(parts.first ?? "")).matches(String(parts.last ?? ""))
            }),
    ]

    private struct Document: ExpressionScope {
        static let value = ExpressionValue.list([.integer(1), .string("two"), .list([]), .none])
        func value(at path: [String]) -> ExpressionValue { path == ["value"] ? Self.value : .missing }
    }
}
