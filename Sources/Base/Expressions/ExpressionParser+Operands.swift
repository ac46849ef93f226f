// SPDX-License-Identifier: Apache-2.0

/// What operators stand between: values, names, brackets, calls, and what follows them directly.
extension ExpressionParser {
    mutating func operand() throws(ExpressionMistake) -> ExpressionNode {
        var operand = try atom()
        while true {
            let column = next.column
            if takes(".") {
                operand = try attribute(of: operand, column)
            } else if takes("[") {
                operand = try element(of: operand, column)
            } else if next.kind == .symbol("(") {
                throw unexpected(allowed: "a call of one of \(Self.functionNames.joined(separator: ", "))")
            } else {
                return operand
            }
        }
    }

    private mutating func atom() throws(ExpressionMistake) -> ExpressionNode {
        let token = next
        switch token.kind {
        case .number(let value):
            advance()
            return try node(.constant(value), token.column)
        case .text(let text):
            advance()
            return try node(.constant(.string(text)), token.column)
        case .meter(let meter):
            return try self.meter(meter)
        case .name(let name):
            return try self.name(name)
        case .symbol("("):
            advance()
            let inner = try expression()
            guard takes(")") else { throw unexpected(allowed: ") for the ( at column \(token.column)") }
            return inner
        case .symbol("["):
            advance()
            let items = try list(until: "]")
            return try node(.list(items), token.column, items)
        case .symbol("{"):
            advance()
            return try dictionary(token.column)
        case .symbol, .end:
            throw unexpected(allowed: "a value")
        }
    }

    private mutating func meter(_ meter: String) throws(ExpressionMistake) -> ExpressionNode {
        guard names == .meters else { throw unexpected(allowed: "a name; meters stand in arithmetic only") }
        let column = next.column
        advance()
        use(meter)
        let attributes = try attributes()
        return try node(.path([meter] + (attributes.isEmpty ? ["volume"] : attributes)), column)
    }

    private mutating func name(_ name: String) throws(ExpressionMistake) -> ExpressionNode {
        let column = next.column
        let constants: [String: ExpressionValue] = ["None": .none, "True": .bool(true), "False": .bool(false)]
        if let constant = constants[name] {
            advance()
            return try node(.constant(constant), column)
        }
        guard !Self.keywords.contains(name) else { throw unexpected(allowed: "a value") }
        advance()
        if let parameter = parameters.lastIndex(of: name) { return try node(.parameter(parameter), column) }
        if next.kind == .symbol("(") { return try call(of: name, column) }
        let known: [String] = if case .these(let names) = names { names } else { [] }
        guard known.contains(name) else {
            throw ExpressionMistake(
                column: column, found: "unknown name \(name.shortInQuotes)",
                allowed: names == .meters
                    ? "meters as $(name)" : "one of \((known + parameters).joined(separator: ", "))",
                near: NearNames.of(name, among: known + parameters))
        }
        use(name)
        return try node(.path([name] + attributes()), column)
    }

    private mutating func use(_ name: String) {
        if !usedNames.contains(name) { usedNames.append(name) }
    }

    /// The attributes that follow a name, up to a method's call.
    private mutating func attributes() throws(ExpressionMistake) -> [String] {
        var attributes: [String] = []
        while next.kind == .symbol("."), let name = nameAfterDot, !name.isCalled {
            advance()
            advance()
            attributes.append(name.text)
        }
        return attributes
    }

    private mutating func attribute(
        of operand: ExpressionNode, _ column: Int
    ) throws(ExpressionMistake) -> ExpressionNode {
        guard case .name(let name) = next.kind else { throw unexpected(allowed: "an attribute's name after the .") }
        let place = next.column
        advance()
        guard takes("(") else { return try node(.attribute(operand, name), column, operand) }
        let all = ExpressionMethod.allCases.map(\.rawValue)
        guard let method = ExpressionMethod(rawValue: name) else {
            throw ExpressionMistake(
                column: place, found: "unknown method \(name.shortInQuotes)",
                allowed: "one of \(all.joined(separator: ", "))", near: NearNames.of(name, among: all))
        }
        let arguments = try list(until: ")")
        try check(arguments, method.arguments, of: name, place)
        return try node(.method(method, of: operand, arguments), place, [operand] + arguments)
    }

    private mutating func element(
        of operand: ExpressionNode, _ column: Int
    ) throws(ExpressionMistake) -> ExpressionNode {
        var bounds: [ExpressionNode?] = [nil]
        while true {
            if takes(":") {
                guard bounds.count < 3 else { throw unexpected(allowed: "at most two : in a slice") }
                bounds.append(nil)
            } else if takes("]") {
                break
            } else if bounds[bounds.count - 1] == nil {
                bounds[bounds.count - 1] = try expression()
            } else {
                throw unexpected(allowed: "] for the [ at column \(column)")
            }
        }
        let parts = [operand] + bounds.compactMap { $0 }
        guard bounds.count == 1 else {
            let kind = ExpressionNode.Kind.slice(
                operand, from: bounds[0], to: bounds[1], step: bounds.count > 2 ? bounds[2] : nil)
            return try node(kind, column, parts)
        }
        guard let index = bounds[0] else {
            throw ExpressionMistake(column: column, found: "[]", allowed: "an index in the brackets")
        }
        return try node(.element(operand, index: index), column, parts)
    }
}
