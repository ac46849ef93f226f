// SPDX-License-Identifier: Apache-2.0
import Pipelines
import Telemetry
import Testing

@Suite struct UnitConversionTests {
    @Test func celsiusBecomesFahrenheit() throws {
        var conversion = try Transformation(
            """
            name: unit_conversion
            parameters:
              source: {unit: "°C"}
              target: {unit: "°F", scale: "(volume * 1.8) + 32"}
            """)
        let core = Meter("core_temperature", .gauge, unit: "°C")
        #expect(conversion([.reading(core, 36)]).map(\.brief) == ["core_temperature 96.8 °F gauge"])
    }

    @Test func samplesOfOtherUnitsPassAsTheyAre() throws {
        var conversion = try Transformation(
            "name: unit_conversion\nparameters: {source: {unit: '°C'}, target: {name: x, scale: 2}}")
        let samples = [Sample.reading(.cpu, 1), .reading(.temperature, 21)]
        let results = conversion(samples)
        #expect(results.first == samples[0])
        #expect(results.map(\.brief) == ["cpu 1 ns cumulative", "x 42 °C gauge"])
    }

    @Test(arguments: [
        ("2", Volume(3), "6"), ("0.5", Volume(3), "1.5"), ("2", Volume(1.5), "3.0"), ("-1", Volume(3), "-3"),
        ("1e-9", Volume(2_000_000_000), "2.0"), ("2", Volume(UInt64.max), "3.6893488147419103e+19"),
        ("1", Volume(UInt64.max), "18446744073709551615"), ("'volume / 2'", Volume(3), "1.5"),
        ("'volume // 2'", Volume(3), "1"), ("'1.8'", Volume(3), "1.8"), ("'volume > 2'", Volume(3), "1"),
        ("'volume // 1024'", Volume(UInt64.max), "18014398509481983"),
        ("'volume * (resource_metadata.flavor.ram or 1)'", Volume(2), "1024"),
        ("\"100 if unit == 'ns' else 0\"", Volume(2), "100"), ("'len(name) + len(resource_id)'", Volume(2), "7"),
    ])
    func aScaleIsANumberOrComputesTheVolume(scale: String, volume: Volume, result: String) throws {
        var conversion = try Transformation("name: unit_conversion\nparameters: {target: {scale: \(scale)}}")
        let metadata: Metadata = ["flavor": .object(["ram": 512])]
        #expect(conversion([.reading(.cpu, volume, metadata: metadata)]).map(\.volume.description) == [result])
    }

    @Test(arguments: [
        ("name", "cpu"), ("type", "cumulative"), ("unit", "ns"), ("user_id", "u1"), ("project_id", "p1"),
        ("resource_id", "vm-1"), ("timestamp", "2026-11-21T12:00:00"), ("source", "openstack"), ("user_name", "None"),
        ("project_name", "None"), ("monotonic_time", "10.5"), ("resource_metadata.a", "[1.5, None, True]"),
        ("resource_metadata", "{'a': [1.5, None, True]}"),
    ])
    func anExpressionSeesTheFieldsOfASample(field: String, text: String) throws {
        var conversion = try Transformation(
            "name: unit_conversion\nparameters: {target: {scale: \"str(\(field)) == \\\"\(text)\\\"\"}}")
        let sample = Sample.reading(.cpu, 7, metadata: ["a": .array([1.5, nil, true])], readAt: 10.5)
        #expect(conversion([sample]).map(\.volume) == [1])
    }

    @Test(arguments: [
        ("volume / 0", "column 8: division by zero"), ("name", "cpu is no volume"), ("None", "None is no volume"),
        ("1e308 * 10", "inf is no volume"), ("float('nan')", "nan is no volume"), ("[volume]", "[7] is no volume"),
        ("resource_metadata.a", "nothing is no volume"),
        ("resource_metadata.a + 1", "column 1: resource_metadata.a is missing"),
    ])
    func whatHasNoVolumeIsDropped(scale: String, words: String) throws {
        var conversion = try Transformation("name: unit_conversion\nparameters: {target: {scale: \"\(scale)\"}}")
        #expect(conversion([.reading(.cpu, 7)]).isEmpty)
        #expect(conversion.drops == [.noValue: 1] && conversion.details[.noValue] == words)
    }

    @Test func withoutParametersOnlyTheIdChanges() throws {
        var conversion = try Transformation("name: unit_conversion")
        let sample = Sample.reading(.cpu, 7)
        #expect(conversion([sample]).map(\.brief) == [sample.brief])
    }

    @Test func whatIsMappedToNothingTakesTheFixedName() throws {
        var conversion = try Transformation(
            """
            name: unit_conversion
            parameters:
              source: {map_from: {name: "^c(pu)?$"}}
              target: {name: fallback, map_to: {name: "\\\\1"}}
            """)
        let names = ["cpu", "c", "memory"]
        let results = conversion(names.map { .reading(Meter($0, .gauge, unit: ""), 1) })
        #expect(results.map(\.name) == ["pu", "fallback", "memory"])
    }
}
