// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import Optimization
import Testing

@Suite struct ParameterTests {
    private let parameters = [
        Parameter("period", .number(minimum: 1, maximum: 10), default: 3.5),
        Parameter("nodes", .list(.object([Parameter("name", .text(), isRequired: true)]))),
        Parameter("choice", .text(choices: ["a", "b"])),
        Parameter("nested", .object([Parameter("x", .integer(minimum: 0), default: 1), Parameter("y", .boolean)])),
        Parameter("one", .object([Parameter("p", .text()), Parameter("q", .text())], alternatives: ["p", "q"])),
    ]

    @Test func defaultsFillUpWhatIsLeftOut() throws {
        let effective = try parameters.effective(["nested": ["y": true]])
        #expect(effective == ["period": 3.5, "nested": ["y": true, "x": 1]])
    }

    @Test(
        arguments: [
            (["perod": 1], "unknown parameter perod; allowed: period, nodes, choice, nested, one"),
            (["period": 11], "parameter period is 11; allowed: a number from 1 to 10"),
            (["period": true], "parameter period is true; allowed: a number from 1 to 10"),
            (["nodes": [["name": "a"], [:]]], "parameter nodes[1].name is missing; allowed: a text"),
            (["choice": "c"], "parameter choice is \"c\"; allowed: one of a, b"),
            (["nested": ["x": 1.5]], "parameter nested.x is 1.5; allowed: a whole number from 0"),
            (["nested": ["z": 1]], "unknown parameter nested.z; allowed: x, y"),
            (
                ["one": ["p": "1", "q": "2"]],
                "parameter one is {\"p\": \"1\", \"q\": \"2\"}; allowed: an object of p, q, exactly one of p and q among them"
            ),
        ] as [(JSONObject, String)])
    func aMistakeIsNamedWithWhatIsAllowed(given: JSONObject, message: String) {
        #expect {
            try parameters.effective(given)
        } throws: { error in
            "\(error)" == message
        }
    }
}
