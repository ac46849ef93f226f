// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import CentralPollsters
@testable import Settings
@testable import Telemetry

@Suite(.timeLimit(.minutes(1))) struct DynamicPollsterTests {
    private let log = LogMemory()
    private let directory: TemporaryDirectory
    private let server: HTTPSink

    init() throws {
        directory = try TemporaryDirectory()
        server = try HTTPSink { request in
            switch request.path {
            case "/things":
                .init(
                    200, body: #"[{"id": "a", "size": 1, "state": "new"}, {"id": "b", "state": "new"}, {"size": 3}]"#)
            case "/names/a", "/names/b": .init(200, body: #"{"name": {"text": "one"}}"#)
            default: .init(404)
            }
        }
    }

    private func read(_ texts: [String: String]) throws -> (definitions: [DynamicDefinition], remarks: [String]) {
        for (name, text) in texts { try directory.write(text, to: name) }
        let folders = Set(texts.keys.map { String($0.split(separator: "/")[0]) }).sorted()
        return try DefinitionFiles.read(folders.map { directory($0) }, namespaces: ["central", "compute"])
    }

    private func thing(_ name: String, _ more: String, credential: String = "") -> String {
        """
        - name: \(name)
          sample_type: gauge
          unit: thing
          url_path: \(server.url)/things
          module: \(credential.isEmpty ? "hypsometer" : credential.split(separator: " ")[0])
          authentication_object: \(credential.isEmpty ? "NoAuthentication" : credential.split(separator: " ")[1])
          \(more)

        """
    }

    /// Polls each pollster so many times; what the first of them gave.
    private func poll(_ definitions: [DynamicDefinition], times: Int = 1) async throws -> [Sample] {
        let sources = AnswerSources(cloud: nil, web: WebSource(), command: CommandSource())
        let plugins = DynamicPlugins(definitions, sources: sources, hostName: "host", log: log.logger)
        var first: [Sample] = []
        for registration in plugins.pollsters {
            let pollster = registration.make()
            for turn in 0..<times {
                let cycle = PollingCycle(number: UInt64(turn), deadline: .now + .seconds(30), meters: [])
                let samples = try await pollster.poll([], meters: Set(registration.meters.map(\.name)), in: cycle)
                if turn == 0 { first += samples }
            }
        }
        return first
    }

    @Test func definitionsThatAskTheSameAskOnce() async throws {
        let text =
            thing("a.size", "value_attribute: size")
            + thing("a.state", "{}").replacing(
                "  {}", with: "  value_attribute: state\n  value_mapping: {new: 7}")
        let samples = try await poll(try read(["d/a.yaml": text]).definitions)
        #expect(
            samples.map { "\($0.name) \($0.resourceID) \($0.volume)" } == ["a.size a 1", "a.state a 7", "a.state b 7"])
        #expect(server.requests.count == 1)
    }

    @Test func whatEntriesLackIsSaidOnce() async throws {
        let definition = try read(["d/a.yaml": thing("a.size", "value_attribute: size")]).definitions
        _ = try await poll(definition, times: 3)
        let errors = log.lines.filter { $0.hasPrefix("error") }
        #expect(errors.count == 1)
        #expect(errors.first?.contains("left out: 1 times no id; 1 times no size") == true, "\(errors)")
    }

    @Test func aValueWithoutAMappingIsSaidOnce() async throws {
        let text = thing("a.state", "{}").replacing(
            "  {}", with: "  value_attribute: state\n  value_mapping: {old: 1}\n  default_value: 5")
        let samples = try await poll(try read(["d/a.yaml": text]).definitions, times: 3)
        #expect(samples.map(\.volume) == [5, 5])
        #expect(log.lines.count { $0.contains("a value has no mapping") } == 1)
    }

    @Test(arguments: [(3600, 2), (0, 6)])
    func answersWithExtraMetadataAreKeptForTheirTime(_ seconds: Int, _ requests: Int) async throws {
        let text = thing("a.state", "{}").replacing(
            "  {}",
            with: """
                  value_attribute: ". | 1 if value else 1"
                  extra_metadata_fields_cache_seconds: \(seconds)
                  extra_metadata_fields:
                    name: label
                    url_path: "'\(server.url)/names/' + sample['id']"
                    value: text
                """)
        let samples = try await poll(try read(["d/a.yaml": text]).definitions, times: 3)
        #expect(samples.map(\.resourceMetadata) == [["label": "one"], ["label": "one"]])
        #expect(server.requests.count { $0.path.hasPrefix("/names/") } == requests)
    }

    @Test(arguments: [
        ("requests.auth HTTPBasicAuth", "user, pass word", "Basic dXNlcjpwYXNzIHdvcmQ="),
        ("hypsometer BearerToken", "abc", "Bearer abc"),
    ])
    func theOtherSideLearnsWhoAsks(_ credential: String, _ parameters: String, _ header: String) async throws {
        try directory.write(parameters + "\n", to: "secret")
        let text = thing(
            "a.size", "value_attribute: size\n  authentication_parameters_file: \(directory("secret"))",
            credential: credential)
        _ = try await poll(try read(["d/a.yaml": text]).definitions)
        #expect(server.requests.first?.headers["authorization"] == header)
    }

    @Test func anEarlierDirectoryStandsForLaterOnes() throws {
        let (definitions, remarks) = try read([
            "1/mine.yaml": thing("a.size", "value_attribute: size"),
            "2/theirs.yaml": thing("a.size", "value_attribute: state") + thing("b.size", "value_attribute: size"),
        ])
        #expect(definitions.map(\.name) == ["a.size", "b.size"])
        #expect(definitions.first?.value.text == "size")
        #expect(
            remarks.map { $0.replacing(directory.path + "/", with: "") } == [
                "2/theirs.yaml:1: \"a.size\" is defined by 1/mine.yaml:1".replacing("\"", with: "")
            ])
    }

    @Test func aNameStandsOnceInADirectory() throws {
        let twice = thing("a.size", "value_attribute: size")
        let mistakes = #expect(throws: Mistakes.self) { try read(["d/a.yaml": twice, "d/b.yaml": twice]) }
        #expect(mistakes?.all.first?.found == "a second pollster \"a.size\"")
    }
}
