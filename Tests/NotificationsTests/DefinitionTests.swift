// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Notifications
import Settings
import Telemetry
import Testing

/// Definitions as an operator writes them: what is told of a bad one, and how several go together.
@Suite struct DefinitionTests {
    private static let good = """
        metric:
          - name: volume.size
            event_type: volume.create.*
            type: gauge
            unit: GiB
            volume: $.payload.size
            resource_id: $.payload.id

        """

    private func mistakes(_ text: String) -> [String] {
        do throws(Mistakes) {
            _ = try MeterDefinitions(files: [(file: "m.yaml", text: text)])
            return []
        } catch {
            return error.inOrder.map { "\($0)" }
        }
    }

    private func samples(
        _ text: String, payload: String, type: String = "volume.create.end", context: String = ""
    ) async throws -> [Sample] {
        let meters = try MeterDefinitions(files: [(file: "m.yaml", text: text)])
        let body =
            #"{"message_id":"m","publisher_id":"volume.h1","event_type":"\#(type)","priority":"INFO","#
            + #""payload":\#(payload),"timestamp":"2026-11-21 04:39:33"\#(context)}"#
        let notification = try ReceivedNotification(body: Array(body.utf8))
        return try await NotificationProcessor(NotificationHandlers(meters: meters)).process(notification).samples
    }

    @Test(
        arguments: [
            (
                "name: volume.size", "nam: volume.size",
                [
                    "m.yaml:2: metric[0]: unknown name \"nam\"; allowed: one of "
                ]
            ),
            (
                "    unit: GiB\n", "",
                ["m.yaml:2: metric[0]: a meter definition without unit; allowed: name, event_type"]
            ),
            (
                "type: gauge", "type: guage",
                [
                    "m.yaml:4: metric[0].type: unknown name \"guage\"; allowed: one of cumulative, delta, gauge; "
                        + "did you mean gauge?"
                ]
            ),
            (
                "$.payload.size", "$.payload.size[",
                [
                    "m.yaml:6: metric[0].volume: column 16: the end; allowed: an index, a slice"
                ]
            ),
            (
                "$.payload.size", "$.paylod.size",
                [
                    "m.yaml:6: metric[0].volume: a path that begins with \"paylod\"; allowed: one of ctxt, event_type, "
                        + "metadata, payload, priority, publisher_id; did you mean payload?"
                ]
            ),
            ("$.payload.size", "0", ["m.yaml:6: metric[0].volume: \"0\"; allowed: another number"]),
            ("volume.create.*", "volume.create.(", ["m.yaml:3: metric[0].event_type: column 15: "]),
            (
                "volume: $.payload.size", "volume: {fields: [$.payload.a, $.payload.b], plugin: timdelta}",
                [
                    "m.yaml:6: metric[0].volume.plugin: unknown name \"timdelta\"; allowed: one of bitfield, map, split, "
                        + "timedelta; did you mean timedelta?"
                ]
            ),
            (
                "volume: $.payload.size", "volume: {field: $.payload.a}",
                [
                    "m.yaml:6: metric[0].volume: unknown name \"field\"; allowed: one of fields, plugin, type"
                ]
            ),
            (
                "    type: gauge\n", "    type: gauge\n    lookup: [name, sise]\n",
                [
                    "m.yaml:5: metric[0].lookup[1]: unknown name \"sise\""
                ]
            ),
        ] as [(String, String, [String])])
    func eachMistakeIsToldWithItsPlace(old: String, new: String, words: [String]) {
        let found = mistakes(Self.good.replacing(old, with: new))
        #expect(found.count == words.count, "\(found)")
        for (line, beginning) in zip(found, words) { #expect(line.hasPrefix(beginning), "\(line)") }
    }

    @Test func allMistakesAreToldAtOnce() {
        let bad = Self.good.replacing("gauge", with: "guage").replacing("$.payload.id", with: "$.paylod.id")
        #expect(mistakes(bad).count == 2)
    }

    @Test func ofTwoOfANameInAFileTheLastHoldsAndOfTwoFilesTheFirst() async throws {
        let second = Self.good.replacing("GiB", with: "MiB").replacing("metric:\n", with: "")
        #expect(try await samples(Self.good + second, payload: #"{"size":1,"id":"v"}"#).map(\.unit) == ["MiB"])
        let meters = try MeterDefinitions(files: [
            (file: "a.yaml", text: Self.good), (file: "b.yaml", text: Self.good),
        ])
        #expect(meters.remarks == ["b.yaml:2: meter \"volume.size\" has no effect, as a.yaml:2 defines it too"])
    }

    @Test(arguments: ["GiB", "%", "B/s", "payload", "1e6"])
    func aUnitIsATextAsItStands(unit: String) async throws {
        let text = Self.good.replacing("GiB", with: "\"\(unit)\"")
        let found = try await samples(text, payload: #"{"size":1,"id":"v"}"#)
        #expect(found.map(\.unit) == [unit])
    }

    @Test func textsAndUnitsMayComeFromTheNotification() async throws {
        let text = Self.good.replacing("GiB", with: "$.payload.unit")
            .replacing("volume.size", with: "'\"volume.\" + $.payload.what'")
        let found = try await samples(text, payload: #"{"size":"12","id":7,"unit":"TiB","what":"room"}"#)
        #expect(found.map { "\($0.name) \($0.volume) \($0.unit) \($0.resourceID)" } == ["volume.room 12 TiB 7"])
    }

    @Test func userAndProjectComeFromTheContextWhereNothingElseIsSaid() async throws {
        let context = #","_context_user":"u1","_context_tenant_id":"p1""#
        let sample = try #require(
            try await samples(Self.good, payload: #"{"size":1,"id":"v"}"#, context: context).first)
        #expect(sample.userID == "u1")
        #expect(sample.projectID == "p1")
        #expect(sample.resourceMetadata["host"] == "volume.h1")
        #expect(sample.resourceMetadata["event_type"] == "volume.create.end")
    }

    @Test func theContextMayBeNamedAsOlderReleasesDo() async throws {
        let text = Self.good + "    user_id: $._context_login\n"
        let sample = try #require(
            try await samples(text, payload: #"{"size":1,"id":"v"}"#, context: #","_context_login":"u9""#).first)
        #expect(sample.userID == "u9")
    }

    @Test func listsThatAreLookedUpHaveToBeOfOneLength() async throws {
        let text = """
            metric:
              - name: $.payload.m[*].name
                event_type: volume
                type: gauge
                unit: $.payload.m[*].unit
                volume: $.payload.m[*].value
                resource_id: $.payload.id
                lookup: [name, unit, volume]

            """
        let good = #"{"id":"v","m":[{"name":"a","unit":"B","value":1},{"name":"b","unit":"s","value":2}]}"#
        #expect(
            try await samples(text, payload: good).map { "\($0.name) \($0.volume) \($0.unit) \($0.resourceID)" }
                == ["a 1 B v", "b 2 s v"])
        let short = #"{"id":"v","m":[{"name":"a","unit":"B","value":1},{"name":"b","value":2}]}"#
        #expect(try await samples(text, payload: short).isEmpty)
        #expect(try await samples(text, payload: #"{"id":"v","m":[]}"#).isEmpty)
    }

    @Test func traitsGoThroughPlugins() async throws {
        let text = """
            - event_type: ['*', '!boring.*']
              traits:
                family: {fields: publisher_id, plugin: {name: split, parameters: {segment: 1, max_split: 1}}}
                state: {fields: payload.state, plugin: {name: map, parameters: {values: {ACTIVE: good}, default: bad, case_sensitive: false}}}
                flags:
                  type: int
                  fields: payload.a
                  plugin:
                    name: bitfield
                    parameters:
                      initial_bitfield: 8
                      flags: [{path: payload.a, bit: 0}, {path: payload.state, bit: 1, value: active}]
                empty: {type: int, fields: payload.empty}
                long: payload.long

            """
        let events = try EventDefinitions(file: "e.yaml", text: text, dropsUnmatched: true)
        let long = String(repeating: "é", count: 300)
        let body =
            #"{"message_id":"m","publisher_id":"volume.h1.rack","event_type":"x.y","priority":"INFO","#
            + #""payload":{"state":"active","a":1,"empty":"","long":"\#(long)"},"timestamp":"2026-11-21 04:39:33"}"#
        let processor = NotificationProcessor(NotificationHandlers(meters: nil, events: events))
        func event(_ body: String) async throws -> Event? {
            try await processor.process(ReceivedNotification(body: Array(body.utf8))).event
        }
        let found = try #require(try await event(body))
        #expect(found["family"] == .text("h1.rack"))
        #expect(found["state"] == .text("good"))
        #expect(found["flags"] == .integer(11))
        #expect(found["empty"] == nil)
        #expect(found["long"] == .text(String(repeating: "é", count: 255)))
        #expect(try await event(body.replacing("x.y", with: "boring.y")) == nil)
    }
}
