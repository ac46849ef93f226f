// SPDX-License-Identifier: Apache-2.0
import Expressions
import Foundation
import Testing

/// What an expression makes of its values, beside what Python makes of them.
@Suite struct ExpressionTests {
    /// What Python has evaluated: an expression, a tab, and its value or `error: ` and the error's kind.
    /// `Cases/evaluate-with-python` writes the second part.
    struct PythonCase: Sendable, CustomTestStringConvertible {
        var expression: String
        var value: String

        var testDescription: String { expression }

        static func all() throws -> [PythonCase] {
            let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "Cases/values-of-python.tsv")
            return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
                let parts = line.split(separator: "\t", maxSplits: 1)
                return PythonCase(expression: String(parts[0]), value: String(try #require(parts.last)))
            }
        }
    }

    private let value = """
        {'id': 'a-1', 'links': [{'rel': 'self', 'href': '/1'}, {'rel': 'next', 'href': '/2'}],
         'ram': 2048, 'rate': 0.5, 'tags': ['x', 'y', ''], 'empty': {}, 'none': None, 'yes': True}
        """

    @Test(arguments: try PythonCase.all()) func isWhatPythonMakesOfIt(_ one: PythonCase) throws {
        let scope = Names(["value": try Expression(value, names: .these([])).value(in: Names([:]))])
        let expression = try Expression(one.expression, names: .these(["value"]))
        if one.value.hasPrefix("error: ") {
            #expect(throws: EvaluationError.self) { try expression.value(in: scope) }
        } else {
            // A list of one is written as Python's `repr` writes its only item.
            let written = ExpressionValue.list([try expression.value(in: scope)]).pythonText
            #expect(written.dropFirst().dropLast() == one.value)
        }
    }

    private func value(_ text: String, _ names: [String: ExpressionValue] = [:]) throws -> ExpressionValue {
        try Expression(text, names: .these(Array(names.keys))).value(in: Names(names))
    }

    private func error(_ text: String, _ names: [String: ExpressionValue] = [:]) -> String {
        do {
            return "no error but \(try value(text, names))"
        } catch {
            return "\(error)"
        }
    }

    private let metadata: [String: ExpressionValue] = [
        "resource_metadata": .dictionary([
            .init("cpu_number", .integer(4)), .init("flavor", .dictionary([.init("ram", .integer(512))])),
        ])
    ]

    @Test func attributesReachIntoMetadata() throws {
        #expect(try value("resource_metadata.cpu_number * 2", metadata) == .integer(8))
        #expect(try value("resource_metadata.flavor.ram", metadata) == .integer(512))
        #expect(try value("resource_metadata['flavor'].ram", metadata) == .integer(512))
    }

    @Test(arguments: ["resource_metadata.vcpus", "resource_metadata.a.b", "resource_metadata['a'].b"])
    func whatIsMissingIsFalse(path: String) throws {
        #expect(try value("\(path) or 1", metadata) == .integer(1))
        #expect(try value("not \(path)", metadata) == .bool(true))
        #expect(try value("\(path) == 1", metadata) == .bool(false))
    }

    @Test func whatIsMissingCannotBeComputedWith() {
        #expect(
            error("2 * resource_metadata.vcpus", metadata) == "column 5: resource_metadata.vcpus is missing")
        #expect(
            error("resource_metadata.vcpus < 1", metadata) == "column 1: resource_metadata.vcpus is missing")
        #expect(error("abs(resource_metadata['a'])", metadata) == "column 22: a value is missing")
    }

    @Test(arguments: [
        ("1 + 2 / 0", "column 7: division by zero"), ("1 + 'a'", "column 3: + between a number and a text"),
        ("int('x')", "column 1: int of \"x\""), ("[1][1]", "column 4: index 1 of a list of 1"),
        ("'a'.join([1])", "column 5: join with a number"), ("None < 1", "column 6: < between None and a number"),
        ("10.0 ** 400", "column 6: a power past all numbers"),
        ("(-8) ** 0.5", "column 6: a negative number to a fraction"),
        ("'a'.b", "column 4: a text has no attribute \"b\""),
    ])
    func anErrorSaysWhere(text: String, words: String) {
        #expect(error(text) == words)
    }

    @Test func whatLeaves128BitsBecomesAReal() throws {
        #expect(try value("10 ** 38 * 10") == .real(1e39))
        #expect(try value("2 ** 127") == .real(0x1p127))
        #expect(try value("-2 ** 127 // -1 + 0") == .real(0x1p127))
        #expect(try value("170141183460469231731687303715884105727 + 1") == .real(0x1p127))
        #expect(try value("(-170141183460469231731687303715884105727 - 1) // -1") == .real(0x1p127))
        #expect(try value("-(-170141183460469231731687303715884105727 - 1)") == .real(0x1p127))
    }

    @Test(arguments: [
        "'abcdefgh' * 10000", "[1, 2] * 6000", "'a' * 60000 + 'b' * 60000", "'a'.join(list('b' * 9999) * 2)",
        "('a' * 60000).replace('a', 'bb')", "('a,' * 20000).split(',')", "list('a' * 20000)",
    ])
    func nothingGrowsWithoutBound(text: String) {
        #expect(error(text).hasSuffix("a text past 65536 bytes or a list past 10000 items"))
    }

    @Test func filtersInsideFiltersEnd() {
        let hundred = "list('\(String(repeating: "x", count: 100))')"
        let text = "filter(lambda a: filter(lambda b: filter(lambda c: c != a, \(hundred)), \(hundred)), \(hundred))"
        #expect(error(text).hasSuffix("more than 100000 steps"))
    }

    @Test func metersAreNamedWithADollar() throws {
        let expression = try Expression(
            "100.0 * $(memory.usage) / ($(memory) or $(a-b).resource_metadata.x)", names: .meters)
        #expect(expression.names == ["memory.usage", "memory", "a-b"])
        let meters: [String: ExpressionValue] = [
            "memory.usage": .dictionary([.init("volume", .integer(512))]),
            "memory": .dictionary([.init("volume", .integer(0))]),
            "a-b": .dictionary([.init("resource_metadata", .dictionary([.init("x", .real(1024))]))]),
        ]
        #expect(try expression.value(in: Names(meters)) == .real(50))
    }
}

/// Names with their values; attributes are keys.
struct Names: ExpressionScope {
    var values: [String: ExpressionValue]

    init(_ values: [String: ExpressionValue]) { self.values = values }

    func value(at path: [String]) -> ExpressionValue {
        path.dropFirst().reduce(values[path[0]] ?? .missing) { value, attribute in
            guard case .dictionary(let entries) = value else { return .missing }
            return entries.first { $0.key == attribute }?.value ?? .missing
        }
    }
}
