// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import Logging
import TestSupport
import Testing

@testable import CentralPollsters
@testable import Settings
@testable import Telemetry

/// Definitions against a real HTTP server and real commands. A folder in `Cases`, named as a sentence, is a case:
/// - `pollsters.yaml`, or `shipped` with the name of a file in `conf/pollsters.d`; and optionally `answers.json`: what the server answers to which path; to others 404,
/// - what is expected: `samples.jsonl`, in their order, and optionally `error`, a part of the line that the poll ends
///   with; or `mistakes`, the lines that refuse the file.
///
/// In all of them `@SERVER@` is the server's host and port and `@CASE@` the path of the folder.
struct DefinitionCases {
    @Test(.timeLimit(.minutes(2)), arguments: try names())
    func holds(_ name: String) async throws {
        let folder = Self.folder.appending(path: name)
        let server = try CaseServer(folder)
        defer { server.sink.stop() }
        let copy = try TemporaryDirectory()
        try copy.write(try server.definitions(), to: "pollsters.yaml")
        let read = Result { () throws(Mistakes) in
            try DefinitionFiles.read([copy.path], namespaces: ["central", "compute", "ipmi"]).definitions
        }
        if let mistakes = try? server.text("mistakes") {
            let told = #expect(throws: Mistakes.self) { try read.get() }
            let lines = told.map { "\($0)".replacing(copy.path + "/", with: "") }
            #expect(lines == String(mistakes.dropLast()))
            return
        }
        let sources = AnswerSources(
            cloud: CaseCloud(base: server.sink.url, web: WebSource()), web: WebSource(), command: CommandSource())
        let plugins = DynamicPlugins(try read.get(), sources: sources, hostName: "host", log: LogMemory().logger)
        let cycle = PollingCycle(number: 1, deadline: .now + .seconds(30), meters: [])
        let collected = CollectedSamples()
        var errors: [String] = []
        for registration in plugins.pollsters {
            let pollster = try #require(registration.make() as? any StreamingPollster)
            do {
                let resources = [Resource(id: server.sink.url + "/")]
                try await pollster.poll(resources, meters: Set(registration.meters.map(\.name)), in: cycle) { part in
                    await collected.add(part)
                }
            } catch {
                errors.append("\(error)")
            }
        }
        if let error = try? server.text("error") {
            #expect(errors.count == 1 && errors[0].contains(error.dropLast()), "\(errors)")
        } else {
            #expect(errors == [])
        }
        let lines = try DescribedSamples.of(await collected.samples)
        let expected = try server.expectedSamples
        #expect(lines == expected)
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")

    private static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
}

/// The files of a case, and a server that answers as one of them says.
struct CaseServer {
    let sink: HTTPSink
    private let folder: URL

    init(_ folder: URL) throws {
        self.folder = folder
        let data = (try? Data(contentsOf: folder.appending(path: "answers.json"))) ?? Data("{}".utf8)
        // Keys stay in their order, which counts.
        let answers = try WireValue(json: Array(data), within: WireLimits(bytes: 1 << 20))
        guard case .object(let entries) = answers else { throw WireError("answers.json", found: "", allowed: "") }
        let bodies = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, Self.body($0.value)) })
        sink = try HTTPSink { request in
            guard let body = bodies[request.path] else { return .init(404, body: "not here") }
            return .init(200, body: body.replacing("@SERVER@", with: request.headers["host"] ?? ""))
        }
    }

    /// Those of the case, or those that come with the program, by the file's name.
    func definitions() throws -> String {
        guard let shipped = try? text("shipped") else { return try text("pollsters.yaml") }
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../conf/pollsters.d/\(shipped.dropLast())").standardized
        return try String(contentsOf: file, encoding: .utf8)
    }

    /// A text as it is, anything else as JSON.
    private static func body(_ answer: WireValue) -> String {
        if case .string(let text) = answer { return text }
        var bytes: [UInt8] = []
        bytes.appendJSON(answer)
        return String(decoding: bytes, as: UTF8.self)
    }

    func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            .replacing("@SERVER@", with: "127.0.0.1:\(sink.port)").replacing("@CASE@", with: folder.path)
    }

    var expectedSamples: [NSDictionary] {
        get throws {
            try text("samples.jsonl").split(separator: "\n").map { line in
                try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
            }
        }
    }
}

/// A cloud whose services are all at one address.
struct CaseCloud: AnswerSource {
    let base: String
    let web: WebSource

    func answer(to question: Question) async throws -> [UInt8] {
        var question = question
        if !question.target.hasPrefix("http") {
            question.target = base + (question.target.hasPrefix("/") ? "" : "/") + question.target
        }
        return try await web.answer(to: question)
    }
}

actor CollectedSamples {
    private(set) var samples: [Sample] = []

    func add(_ part: [Sample]) { samples += part }
}

/// What the cases tell of samples.
enum DescribedSamples {
    private static let keys = [
        "name", "type", "unit", "volume", "user_id", "project_id", "resource_id", "resource_metadata",
    ]

    static func of(_ samples: [Sample]) throws -> [NSDictionary] {
        try samples.map { sample in
            var bytes: [UInt8] = []
            var metadata: [UInt8] = []
            metadata.appendJSON(sample.resourceMetadata)
            sample.appendJSON(to: &bytes, metadata: metadata)
            let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] ?? [:]
            return object.filter { keys.contains($0.key) } as NSDictionary
        }
    }
}
