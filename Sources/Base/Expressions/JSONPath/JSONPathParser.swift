// SPDX-License-Identifier: Apache-2.0

/// Reads a path, character by character: what a `-` or `*` means depends on where it stands.
struct JSONPathParser {
    /// Parentheses inside each other.
    private static let deepest = 20

    let scalars: [Unicode.Scalar]
    var index = 0
    private var depth = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    func scalar(_ offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    func mistake(_ allowed: String, near: [String] = []) -> ExpressionMistake {
        ExpressionMistake(
            column: index + 1, found: scalar().map { String($0).inQuotes } ?? "the end", allowed: allowed, near: near)
    }

    mutating func skipSpace() {
        while let next = scalar(), next.properties.isWhitespace { index += 1 }
    }

    mutating func takes(_ wanted: Unicode.Scalar) -> Bool {
        skipSpace()
        guard scalar() == wanted else { return false }
        index += 1
        return true
    }

    mutating func expect(_ wanted: Unicode.Scalar) throws(ExpressionMistake) {
        guard takes(wanted) else { throw mistake("\(wanted)") }
    }

    mutating func parse() throws(ExpressionMistake) -> JSONPathNode {
        skipSpace()
        guard scalar() != nil else {
            throw ExpressionMistake(column: 1, found: "nothing", allowed: "a path such as $.payload.id")
        }
        let node = try sum()
        skipSpace()
        guard scalar() == nil else { throw mistake(".name, [index], [?(test)], an operator, or the end") }
        return node
    }

    private mutating func sum() throws(ExpressionMistake) -> JSONPathNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw mistake("at most \(Self.deepest) parentheses and filters inside each other")
        }
        var left = try product()
        while true {
            if takes("+") {
                left = .operation(left.asOperand, .add, try product().asOperand)
            } else if takes("-") {
                left = .operation(left.asOperand, .subtract, try product().asOperand)
            } else {
                return left
            }
        }
    }

    private mutating func product() throws(ExpressionMistake) -> JSONPathNode {
        var left = try choice()
        while true {
            if takes("*") {
                left = .operation(left.asOperand, .multiply, try choice().asOperand)
            } else if takes("/") {
                left = .operation(left.asOperand, .divide, try choice().asOperand)
            } else {
                return left
            }
        }
    }

    private mutating func choice() throws(ExpressionMistake) -> JSONPathNode {
        var left = try path()
        while true {
            if takes("|") {
                left = .union(left, try path())
            } else if takesWord("where") {
                left = .having(left, try path())
            } else {
                return left
            }
        }
    }

    mutating func path() throws(ExpressionMistake) -> JSONPathNode {
        var node = try start()
        while true {
            skipSpace()
            if scalar() == ".", scalar(1) == "." {
                index += 2
                node = .descendants(node, try step(from: .this))
            } else if scalar() == "." {
                index += 1
                node = try step(from: node)
            } else if scalar() == "[" {
                node = try bracket(after: node)
            } else {
                return node
            }
        }
    }

    private mutating func start() throws(ExpressionMistake) -> JSONPathNode {
        skipSpace()
        switch scalar() {
        case "$"?:
            index += 1
            return .document
        case "@"?:
            index += 1
            return .this
        case "("?:
            index += 1
            let inner = try sum()
            try expect(")")
            return inner
        case "["?: return try bracket(after: .this)
        case let next? where next.isDigitOfAPath || (next == "-" && scalar(1)?.isDigitOfAPath == true):
            return .literal(try number())
        default: return try step(from: .this)
        }
    }

    /// What may stand after a point.
    private mutating func step(from base: JSONPathNode) throws(ExpressionMistake) -> JSONPathNode {
        skipSpace()
        switch scalar() {
        case "*"?:
            index += 1
            return .anyName(base)
        case "["?: return try bracket(after: base)
        case "`"?: return try function(of: base)
        case "("?:
            index += 1
            let inner = try sum()
            try expect(")")
            return .each(base, inner)
        default:
            var names = [try name()]
            while takes(",") { names.append(try name()) }
            return .names(base, names)
        }
    }
}

extension JSONPathNode {
    /// In a computation a single name is a text.
    fileprivate var asOperand: JSONPathNode {
        if case .names(.this, let names) = self, names.count == 1 { return .literal(.string(names[0])) }
        return self
    }
}

extension Unicode.Scalar {
    var isDigitOfAPath: Bool { ("0"..."9").contains(self) }
    var isOfAPathName: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" || isDigitOfAPath || self == "-"
    }
}
