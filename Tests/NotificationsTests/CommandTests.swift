// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// `hypsometer notification` as an operator starts it.
@Suite struct CommandTests {
    private let directory: TemporaryDirectory
    private static let binary = Bundle.main.bundleURL.appending(path: "hypsometer").path
    private static let conf = ShippedDefinitions.root.appending(path: "conf").path

    init() throws { directory = try TemporaryDirectory() }

    private func run(
        _ arguments: [String], input: String? = nil
    ) async throws -> (status: Int32, output: String, error: String) {
        let words = (["notification"] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let source = input.map { " < '\($0)'" } ?? ""
        return try await onThread {
            try Shell.run("/bin/sh", ["-c", "'\(Self.binary)' \(words)\(source)"], timeout: .seconds(60))
        }
    }

    private func configuration(_ more: String = "") throws -> String {
        try directory.write(
            """
            [DEFAULT]
            transport_url = rabbit://openstack:very-secret@127.0.0.1:1/openstack
            state_dir = \(directory("."))
            \(more)
            [notification]
            spool_directory = \(directory("."))
            [meter]
            meter_definitions_dirs = \(Self.conf)/meters.d
            [event]
            definitions_cfg_file = \(Self.conf)/event_definitions.yaml

            """, to: "n.conf")
    }

    private func message(_ name: String) -> String {
        OwnMessagesTests.folder.appending(path: "Messages/\(name).json").path
    }

    @Test func everySettingIsInTheSampleFile() async throws {
        let empty = try directory.write("", to: "empty.conf")
        let outcome = try await run(["--print-config", "--config-file", empty])
        #expect(outcome.status == 0)
        #expect(outcome.output == (try String(contentsOfFile: "\(Self.conf)/notification.conf", encoding: .utf8)))
    }

    @Test func aMessageIsTriedWithoutABus() async throws {
        let outcome = try await run(
            ["--test", "--config-file", try configuration()], input: message("an-instance-that-was-created"))
        #expect(outcome.status == 0)
        #expect(outcome.error.isEmpty, "\(outcome.error)")
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines.dropLast().allSatisfy { $0.hasPrefix("{\"name\":") })
        #expect(lines.last?.contains("[\"host\",1,\"cn1\"]") == true)
    }

    @Test func whyAMessageGivesNothingIsTold() async throws {
        let outcome = try await run(
            ["--test", "--config-file", try configuration()], input: message("an-image-without-a-size"))
        #expect(outcome.status == 0)
        #expect(outcome.error.hasPrefix("hypsometer: no sample: \"image.size\" ("), "\(outcome.error)")
        #expect(outcome.error.hasSuffix("volume $.payload.size finds nothing\n"))
        #expect(outcome.output.hasPrefix("{\"message_id\":"))
    }

    @Test func whatIsNoMessageIsTold() async throws {
        let outcome = try await run(
            ["--test", "--config-file", try configuration()], input: try directory.write("{}", to: "m.json"))
        #expect(outcome == (1, "", "hypsometer: standard input: event_type: nothing; allowed: a text\n"))
    }

    @Test func aGoodConfigurationIsTakenAndItsSecretKept() async throws {
        let path = try configuration()
        let outcome = try await run(["--validate", "--config-file", path])
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.hasSuffix("The configuration is good.\n"))
        let printed = try await run(["--print-config", "--config-file", path])
        #expect(!printed.output.contains("very-secret"))
    }

    @Test(arguments: [
        ("transport_url = rabbit://openstack:very-secret@127.0.0.1:1/openstack", "", "found: no message bus"),
        ("127.0.0.1:1/", "127.0.0.1:99999/", "[DEFAULT] transport_url, URL 1"),
        ("[notification]", "[notification]\npipelines = metre", "did you mean meter?"),
        ("[notification]", "[notification]\nbatch_siez = 7", "did you mean batch_size?"),
        ("[notification]", "[notification]\nbatch_size = many", "a whole number from 1 to 10000"),
        ("meters.d", "metres.d", "which isn't there"),
        ("[notification]", "[oslo_messaging_rabbit]\nheartbeat_timeout_threshold = x\n[notification]", "heartbeat"),
    ])
    func aMistakeIsALineWithoutSecrets(old: String, new: String, words: String) async throws {
        let path = try configuration()
        let text = try String(contentsOfFile: path, encoding: .utf8).replacing(old, with: new)
        let outcome = try await run(["--validate", "--config-file", try directory.write(text, to: "bad.conf")])
        #expect(outcome.status == 2)
        #expect(outcome.error.split(separator: "\n").count == 1, "\(outcome.error)")
        #expect(outcome.error.contains(words.replacing("found: ", with: "")), "\(outcome.error)")
        #expect(!outcome.error.contains("very-secret"))
    }
}
