// SPDX-License-Identifier: Apache-2.0
import Expressions
import Testing

/// Paths as Ceilometer's definitions write them.
@Suite struct JSONPathTests {
    private let document = ExpressionValue.dictionary([
        .init(
            "payload",
            .dictionary([
                .init("id", .string("v1")), .init("size", .integer(2)), .init("nothing", .none),
                .init("nova_object.data", .dictionary([.init("uuid", .string("i1"))])),
                .init("host", .string("cn1")), .init("node-name", .string("n1")),
                .init("ratio", .real(0.25)),
                .init(
                    "metrics",
                    .list([
                        .dictionary([
                            .init("name", .string("cpu.percent")), .init("value", .real(0.5)),
                            .init("tag", .integer(7)),
                        ]),
                        .dictionary([
                            .init("name", .string("cpu.frequency")), .init("value", .integer(1600)),
                            .init("tag", .string("8")), .init("flag", .bool(true)),
                        ]),
                    ])),
            ])),
        .init("publisher_id", .string("compute.cn1.rack")),
    ])

    private func found(_ path: String) throws -> [ExpressionValue] { try JSONPath(path).values(in: document) }

    @Test(
        arguments: [
            ("$.payload.id", [.string("v1")]), ("payload.id", [.string("v1")]), ("$.payload.absent", []),
            ("$.payload.nothing", [.none]), ("$.payload.id.deeper", []),
            ("$.payload.'nova_object.data'.uuid", [.string("i1")]),
            ("$.payload['nova_object.data'].uuid", [.string("i1")]), ("$.payload.node-name", [.string("n1")]),
            ("$.payload.id,size", [.string("v1"), .integer(2)]),
            ("$.payload.metrics[0].value", [.real(0.5)]), ("$.payload.metrics[-1].value", [.integer(1600)]),
            ("$.payload.metrics[2]", []),
            ("$.payload.metrics.[*].name", [.string("cpu.percent"), .string("cpu.frequency")]),
            ("$.payload.metrics[1:].value", [.integer(1600)]), ("$.payload.metrics[:1].tag", [.integer(7)]),
            ("$.payload.id[*]", [.string("v1")]), ("$..uuid", [.string("i1")]),
            (
                "$.payload.metrics[*].*",
                [
                    .string("cpu.percent"), .real(0.5), .integer(7), .string("cpu.frequency"), .integer(1600),
                    .string("8"),
                    .bool(true),
                ]
            ),
            ("($.payload.absent)|($.payload.id)", [.string("v1")]),
        ] as [(String, [ExpressionValue])])
    func aPathFindsWhatStandsThere(path: String, values: [ExpressionValue]) throws {
        #expect(try found(path) == values)
    }

    @Test(
        arguments: [
            ("$.payload.metrics[?(@.name='cpu.frequency')].value", [.integer(1600)]),
            ("$.payload.metrics[?(@.name==\"cpu.frequency\")].value", [.integer(1600)]),
            ("$.payload.metrics[?name='cpu.percent'].value", [.real(0.5)]),
            ("$.payload.metrics[?name=cpu-x].value", []),
            ("$.payload.metrics[?(@.value > 1 & @.value <= 1600)].name", [.string("cpu.frequency")]),
            ("$.payload.metrics[?(@.name != 'cpu.percent')].value", [.integer(1600)]),
            ("$.payload.metrics[?(@.flag)].value", [.integer(1600)]),
            ("$.payload.metrics[?(@.flag = true)].value", [.integer(1600)]),
            ("$.payload.metrics[?(@.tag = 8)].value", [.integer(1600)]),
            ("$.payload.metrics[?(@.name > 1)].value", []), ("$.payload.id[?(@.a=1)]", []),
            (
                "$.payload.metrics[*] where flag",
                [
                    .dictionary([
                        .init("name", .string("cpu.frequency")), .init("value", .integer(1600)),
                        .init("tag", .string("8")),
                        .init("flag", .bool(true)),
                    ])
                ]
            ),
        ] as [(String, [ExpressionValue])])
    func aFilterTakesTheItemsThatPass(path: String, values: [ExpressionValue]) throws {
        #expect(try found(path) == values)
    }

    @Test(
        arguments: [
            ("$.payload.metrics[?(@.name='cpu.percent')].value * 100", [.real(50)]),
            ("$.payload.host + \"_\" + $.payload.'node-name'", [.string("cn1_n1")]),
            ("'identity.' + $.payload.host", [.string("identity.cn1")]), ("$.payload.size + 1", [.integer(3)]),
            ("$.payload.size - 3", [.integer(-1)]), ("$.payload.size / 4", [.real(0.5)]),
            ("2 * ($.payload.size + 1)", [.integer(6)]), ("$.payload.host * $.payload.ratio", []),
            ("$.payload.absent + 1", []),
            (
                "$.payload.metrics[*].tag + $.payload.metrics[*].tag",
                [
                    .integer(14), .string("88"),
                ]
            ),
            ("$.payload.metrics.`len`", [.integer(2)]), ("publisher_id.`split(., 1, 1)`", [.string("cn1.rack")]),
            ("publisher_id.`split(., 1, -1)`", [.string("cn1")]), ("publisher_id.`split(., 9, -1)`", []),
            ("$.payload.host.`sub(/^cn(\\d)$/, node-\\1)`", [.string("node-1")]),
        ] as [(String, [ExpressionValue])])
    func aComputationGivesWhatItCan(path: String, values: [ExpressionValue]) throws {
        #expect(try found(path) == values)
    }

    @Test func theFirstValueIsTheFirstThatIsNotNull() throws {
        #expect(try JSONPath("($.payload.nothing)|($.payload.size)").firstValue(in: document) == .integer(2))
        #expect(try JSONPath("$.payload.nothing").firstValue(in: document) == nil)
    }

    /// Found by fuzzing: each step multiplies what the one before found.
    @Test(arguments: [
        "$" + String(repeating: "..($)", count: 30), "$" + String(repeating: ".($|$)", count: 100),
        "payload.metrics[?(@\(String(repeating: "..($)", count: 20))='x')]",
    ])
    func aPathThatMultipliesFindsNothing(path: String) throws { #expect(try found(path).isEmpty) }

    @Test func thePathTellsWhereItBegins() throws {
        #expect(try JSONPath("$.payload.a + ctxt.b").firstNames == ["payload", "ctxt"])
        #expect(try JSONPath("$.payload.a[?(@.name='x')]").firstNames == ["payload"])
    }

    @Test(arguments: [
        ("", "column 1: nothing; allowed: a path such as $.payload.id"),
        ("$.payload.", "column 11: the end; allowed: a name, one in quotation marks, * or ["),
        ("$.a[", "column 5: the end; allowed: an index, a slice such as 1:3, *, a name in quotation marks, or ?(test)"),
        ("$.a[1", "column 6: the end; allowed: ]"), ("$.a[?(@.b='c']", "column 14: \"]\"; allowed: )"),
        ("$.a[?(@.b=='c)]", "column 12: a text without its end; allowed: a closing '"),
        ("$.a[?(@.b=~'c')]", "column 11: \"~\"; allowed: a name, one in quotation marks, * or ["),
        ("$.a b", "column 5: \"b\"; allowed: .name, [index], [?(test)], an operator, or the end"),
        ("$.a.`splt(., 0, 1)`", "column 5: \"`splt(., 0, 1)`\"; allowed: `len`, `this`, "),
        ("$.a.`split(., x, 1)`", "column 5: \"`split(., x, 1)`\"; allowed: `split(separator, segment, splits)`"),
        ("$.a.`len", "column 5: a ` without its end; allowed: a closing `"),
        (String(repeating: "(", count: 50), "column 21: \"(\"; allowed: at most 20 parentheses"),
    ])
    func aMistakeIsToldWithItsColumn(path: String, words: String) {
        do throws(ExpressionMistake) {
            _ = try JSONPath(path)
            Issue.record("was taken")
        } catch {
            #expect("\(error)".hasPrefix(words), "\(error)")
        }
    }
}
