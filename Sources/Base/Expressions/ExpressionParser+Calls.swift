// SPDX-License-Identifier: Apache-2.0

/// Calls of functions, and what stands in brackets, with commas between.
extension ExpressionParser {
    static let functionNames = (ExpressionFunction.allCases.map(\.rawValue) + ["filter"]).sorted()

    mutating func call(of name: String, _ column: Int) throws(ExpressionMistake) -> ExpressionNode {
        advance()
        if name == "filter" { return try filter(column) }
        guard let function = ExpressionFunction(rawValue: name) else {
            throw ExpressionMistake(
                column: column, found: "unknown function \(name.shortInQuotes)",
                allowed: "one of \(Self.functionNames.joined(separator: ", "))",
                near: NearNames.of(name, among: Self.functionNames))
        }
        let arguments = try list(until: ")")
        try check(arguments, function.arguments, of: name, column)
        return try node(.function(function, arguments), column, arguments)
    }

    private mutating func filter(_ column: Int) throws(ExpressionMistake) -> ExpressionNode {
        let example = "filter(lambda x: x > 0, value)"
        var test: ExpressionNode?
        if takes(keyword: "lambda") {
            guard case .name(let parameter) = next.kind, !Self.keywords.contains(parameter) else {
                throw unexpected(allowed: "one parameter, as in: \(example)")
            }
            advance()
            try require(":", in: example)
            parameters.append(parameter)
            test = try expression()
            parameters.removeLast()
        } else if !takes(keyword: "None") {
            throw unexpected(allowed: "a lambda or None, as in: \(example)")
        }
        try require(",", in: example)
        let list = try expression()
        try require(")", in: example)
        return try node(.filter(test: test, list), column, [list] + (test.map { [$0] } ?? []))
    }

    mutating func list(until end: String) throws(ExpressionMistake) -> [ExpressionNode] {
        var items: [ExpressionNode] = []
        while !takes(end) {
            items.append(try expression())
            if takes(end) { break }
            guard takes(",") else { throw unexpected(allowed: ", or \(end)") }
        }
        return items
    }

    mutating func dictionary(_ column: Int) throws(ExpressionMistake) -> ExpressionNode {
        var items: [ExpressionNode.DictionaryItem] = []
        while !takes("}") {
            let key = try expression()
            try require(":", in: "{\"a\": 1}")
            items.append(.init(key: key, value: try expression()))
            if takes("}") { break }
            guard takes(",") else { throw unexpected(allowed: ", or }") }
        }
        return try node(.dictionary(items), column, items.flatMap { [$0.key, $0.value] })
    }

    func check(
        _ arguments: [ExpressionNode], _ range: ClosedRange<Int>, of name: String, _ column: Int
    ) throws(ExpressionMistake) {
        guard !range.contains(arguments.count) else { return }
        let words = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
        throw ExpressionMistake(
            column: column, found: "\(name) with \(arguments.count) values", allowed: "\(words) for \(name)")
    }
}
