// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Settings
import Testing

/// What an operator is told of transformers that cannot be taken.
@Suite struct TransformerDefinitionTests {
    private func mistakes(_ transformer: String) -> [String] {
        do throws(Mistakes) {
            _ = try PipelineDefinition(file: "p.yaml", text: Transformation.pipeline(transformer))
            return []
        } catch {
            return error.all.map(\.description)
        }
    }

    @Test(arguments: ["", "~", "[]"]) func aSinkMayHaveNone(list: String) throws {
        let text =
            "sources: [{name: s, meters: [x], sinks: [t]}]\n"
            + "sinks:\n- name: t\n  transformers: \(list)\n  publishers: [stdout]\n"
        #expect(try PipelineDefinition(file: "p.yaml", text: text).sinks.map(\.transformers) == [[]])
    }

    @Test(arguments: [
        (
            "name: rate_of_chang",
            ":6: sinks[0].transformers[0].name: unknown name \"rate_of_chang\"; allowed: one of accumulator, aggregator, "
                + "arithmetic, delta, rate_of_change, unit_conversion; did you mean rate_of_change?"
        ),
        ("parameters: {}", ":6: sinks[0].transformers[0]: a transformer without name; allowed:"),
        ("delta", ":6: sinks[0].transformers[0]: \"delta\"; allowed: a mapping with name, parameters"),
        (
            "name: delta\nparameter: {}",
            ":7: sinks[0].transformers[0]: unknown name \"parameter\"; allowed: one of name, parameters; "
                + "did you mean parameters?"
        ),
        ("name: delta\nparameters: [x]", ":7: sinks[0].transformers[0].parameters: a list; allowed: a mapping with"),
        (
            "name: delta\nparameters:\n  growth_only: perhaps",
            ":8: sinks[0].transformers[0].parameters.growth_only: \"perhaps\"; allowed: true or false"
        ),
        (
            "name: delta\nparameters: {target: {scale: 2}}",
            ":7: sinks[0].transformers[0].parameters.target: unknown name \"scale\"; allowed: one of map_to, name"
        ),
        (
            "name: rate_of_change\nparameters:\n  target:\n    type: guage",
            ":9: sinks[0].transformers[0].parameters.target.type: unknown name \"guage\"; "
                + "allowed: one of cumulative, delta, gauge; did you mean gauge?"
        ),
        (
            "name: rate_of_change\nparameters:\n  target:\n    scale: 100 / volum",
            ":9: sinks[0].transformers[0].parameters.target.scale: column 7: unknown name \"volum\"; "
                + "allowed: one of volume, resource_metadata, name, type, unit, user_id, user_name, project_id, "
                + "project_name, resource_id, timestamp, source, id, monotonic_time; did you mean volume?"
        ),
        (
            "name: unit_conversion\nparameters: {target: {scale: 0}}",
            ":7: sinks[0].transformers[0].parameters.target.scale: \"0\"; "
                + "allowed: a number other than 0, or an expression"
        ),
        ("name: unit_conversion\nparameters: {target: {scale: .nan}}", "target.scale: column 1: .; allowed: a value"),
        ("name: unit_conversion\nparameters: {target: {scale: [1]}}", "target.scale: a list; allowed: a text"),
        ("name: unit_conversion\nparameters: {target: {max: 0}}", "target.max: \"0\"; allowed: a number other than 0"),
        ("name: unit_conversion\nparameters: {target: {max: many}}", "target.max: \"many\"; allowed: a number other"),
        ("name: unit_conversion\nparameters: {source: {unit: [B]}}", "source.unit: a list; allowed: a text, not empty"),
        (
            "name: unit_conversion\nparameters: {source: {map_from: {name: '(a'}}, target: {map_to: {name: b}}}",
            "source.map_from.name: column 1: a group without its end; allowed: a closing )"
        ),
        (
            "name: unit_conversion\nparameters: {source: {map_from: {name: a}}, target: {map_to: {name: '\\1'}}}",
            "target.map_to.name: column 1: \"\\\\1\"; allowed: no group, as the pattern has none, or"
        ),
        (
            "name: unit_conversion\nparameters: {source: {map_from: {name: a}}, target: {name: b}}",
            "source.map_from.name: a mapping without its map_to; allowed: map_from and map_to with the same keys"
        ),
        (
            "name: unit_conversion\nparameters: {target: {map_to: {unit: b}}}",
            "map_to.unit: a mapping without its map_from"
        ),
        (
            "name: accumulator\nparameters: {size: -1}",
            "parameters.size: \"-1\"; allowed: samples, a whole number from 0 to 100000"
        ),
        ("name: aggregator\nparameters: {size: many}", "parameters.size: \"many\"; allowed: samples, a whole number"),
        (
            "name: aggregator\nparameters: {retention_time: -1}",
            "parameters.retention_time: \"-1\"; allowed: seconds, a number from 0 to 604800"
        ),
        (
            "name: aggregator\nparameters: {user_id: frist}",
            "parameters.user_id: unknown name \"frist\"; allowed: one of first, last; did you mean first?"
        ),
        (
            "name: aggregator\nparameters: {resource_metadata: none}",
            "parameters.resource_metadata: unknown name \"none\"; allowed: one of drop, first, last"
        ),
        (
            "name: aggregator\nparameters: {source: {unit: B}}",
            "parameters.source: unknown name \"unit\"; allowed: map_from"
        ),
        (
            "name: arithmetic",
            ":6: sinks[0].transformers[0]: arithmetic without an expression; "
                + "allowed: target.expr, such as 100.0 * $(memory.usage) / $(memory)"
        ),
        ("name: arithmetic\nparameters: {target: {name: x}}", "parameters.target: arithmetic without an expression"),
        (
            "name: arithmetic\nparameters: {target: {expr: 512.0 * 3}}",
            "target.expr: \"512.0 * 3\"; allowed: an expression over at least one meter, as $(memory.usage)"
        ),
        ("name: arithmetic\nparameters: {target: {expr: ''}}", "parameters.target: arithmetic without an expression"),
        (
            "name: arithmetic\nparameters: {target: {expr: $(a) + b}}",
            "column 8: unknown name \"b\"; allowed: meters as $(name)"
        ),
    ])
    func aMistakeIsToldWithItsPlace(transformer: String, words: String) {
        let found = mistakes(transformer)
        #expect(found.count == 1 && found.first?.contains(words) == true, "\(found)")
    }

    @Test func severalMistakesAreToldAtOnce() {
        let found = mistakes(
            """
            name: rate_of_change
            parameters:
              source: {units: B}
              target: {type: x, scale: 1 +, max: y, map_to: {nam: z}}
            """)
        #expect(found.count == 5, "\(found)")
    }

    @Test func equalTransformersAreEqualWhereverTheyStand() throws {
        func transformers(_ text: String) throws -> [TransformerDefinition] {
            try PipelineDefinition(file: "p.yaml", text: Transformation.pipeline(text)).sinks.flatMap(\.transformers)
        }
        let rate = "name: rate_of_change\nparameters: {target: {name: a, scale: volume}}"
        #expect(try transformers(rate) == transformers(rate.replacing(": {target", with: ":\n  {target")))
        #expect(try transformers(rate) != transformers(rate.replacing("name: a", with: "name: b")))
    }
}
