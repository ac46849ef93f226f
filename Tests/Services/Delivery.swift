// SPDX-License-Identifier: Apache-2.0
import Foundation
import OpenStack
import Pipelines
import Publishers
import Settings
import Telemetry
import TestSupport

/// One publisher with a spool of its own, as an agent has it.
final class Delivery {
    let log = LogMemory()
    private let directory: TemporaryDirectory
    private let pipeline: Pipeline

    /// - Parameter resources: the text of `gnocchi_resources.yaml`, which a URL names as `RESOURCES`.
    init(_ url: String, cloud: CloudCredentials? = nil, resources: String? = nil) async throws {
        directory = try TemporaryDirectory()
        let file = try directory.write(resources ?? "", to: "resources.yaml")
        let publishers = BuiltInPublishers.all(PublisherSettings(host: "here", cloud: cloud, log: log.logger))
        let spool = try await Spool.open(
            SpoolOptions(directory: directory.path, mostBytes: 1 << 26, mostAge: .seconds(3600)), log: log.logger)
        let definition = PipelineDefinition.everything(
            to: [try PublisherURL(url.replacing("RESOURCES", with: file), at: .init("test"), path: "publisher")],
            sink: "one")
        pipeline = try Pipeline(definition, publishers: publishers, spool: spool, log: log.logger)
        await pipeline.begin()
    }

    /// Into the spool; returns once it is there.
    func put(_ samples: [Sample]) async {
        await pipeline.publish(samples)
        await pipeline.settle(by: .now + .seconds(60))
    }

    /// - Returns: how many samples nobody got.
    func end() async -> Int {
        _ = await pipeline.queues.drain(within: .seconds(60))
        return await pipeline.dropped
    }

    /// The lines of `dead-letters.jsonl`.
    var deadLetters: [String] {
        ((try? directory.text("dead-letters.jsonl")) ?? "").split(separator: "\n").map(String.init)
    }
}

/// What a GET of a URL answers, by a client of another make.
func fetched(_ url: String, _ options: String...) async throws -> String {
    try await onThread {
        let result = try Shell.run("curl", ["-sS", "-g", "--max-time", "60", "--noproxy", "*"] + options + [url])
        guard result.status == 0 else { throw ShellError(command: "curl \(url)", reason: result.error) }
        return result.output
    }
}

/// Asks again until it is so, a minute and a half at most; then as it is.
func eventually(_ isSo: () async throws -> Bool) async throws -> Bool {
    for _ in 0..<180 {
        if try await isSo() { return true }
        try await Task.sleep(for: .milliseconds(500))
    }
    return try await isSo()
}

extension Sample {
    /// One of `minutes` ago, at a whole minute.
    ///
    /// - Parameter now: the same for all of a test that tells minutes apart, as they go on meanwhile.
    static func of(
        _ meter: String, _ volume: Volume, kind: Meter.Kind = .cumulative, resource: String, minutes: Int64,
        before now: Timestamp = .now, metadata: Metadata = [:]
    ) -> Sample {
        let minute = now.microseconds / 60_000_000 - minutes
        return Sample(
            Meter(meter, kind, unit: "ns"), volume,
            of: Resource(id: resource, projectID: "p1", userID: "u1", metadata: metadata),
            at: Timestamp(microseconds: minute * 60_000_000))
    }
}
