// SPDX-License-Identifier: Apache-2.0
import Foundation
import Pipelines
import Synchronization
import Telemetry
import TestSupport
import Testing

@testable import Publishers

/// What is asked of a Gnocchi, and what is made of answers that a real one seldom gives; Tests/Services has a real one.
@Suite(.timeLimit(.minutes(2))) struct GnocchiSenderTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(
            """
            archive_policy_default: low
            resources:
              - resource_type: instance
                metrics: {cpu: , memory: }
                attributes: {host: resource_metadata.host}
            """, to: "g.yaml")
    }

    private func sender(_ sink: HTTPSink) throws -> any Sender {
        try PublishersTests.sender(
            "gnocchi+http://admin@127.0.0.1:\(sink.port)?timeout=60&resources_definition_file=\(directory("g.yaml"))")
    }

    private func sample(_ meter: String = "cpu", of id: String = "vm-1", host: String = "cn1", second: Int64 = 60)
        -> Sample
    {
        Sample(
            Meter(meter, .gauge, unit: "ns"), 5,
            of: Resource(id: id, projectID: "p", metadata: ["host": .string(host)]),
            at: Timestamp(microseconds: second * 1_000_000))
    }

    /// A server that has everything but what `answer` says otherwise.
    private func sink(_ answer: @escaping @Sendable (HTTPSink.Request) -> HTTPSink.Answer? = { _ in nil }) throws
        -> HTTPSink
    {
        try HTTPSink { request in
            if let answer = answer(request) { return answer }
            return request.path.contains("/batch/") ? .init(202) : .init(200, body: #"{"attributes": {"host": {}}}"#)
        }
    }

    private func asked(_ sink: HTTPSink) -> [String] { sink.requests.map { "\($0.method) \($0.path)" } }

    private let batch = "POST /v1/batch/resources/metrics/measures?create_metrics=true"

    @Test func aBatchIsOneRequestAndAttributesAreToldOnceAndWhenTheyChange() async throws {
        let sink = try sink()
        let sender = try sender(sink)
        _ = try await sender.send(await sender.encode([sample(), sample("memory"), sample(second: 30)]))
        #expect(asked(sink) == ["GET /v1/resource_type/instance", batch, "PATCH /v1/resource/instance/vm-1"])
        #expect(sink.requests.first?.headers["authorization"] == "Basic YWRtaW46")
        #expect(
            String(decoding: sink.requests[1].body, as: UTF8.self)
                == #"{"vm-1":{"cpu":{"archive_policy_name":"low","measures":[{"timestamp":"1970-01-01T00:00:30","value":5},{"timestamp":"1970-01-01T00:01:00","value":5}],"unit":"ns"},"memory":{"archive_policy_name":"low","measures":[{"timestamp":"1970-01-01T00:01:00","value":5}],"unit":"ns"}}}"#
        )
        #expect(String(decoding: sink.requests[2].body, as: UTF8.self) == #"{"project_id":"p","host":"cn1"}"#)
        _ = try await sender.send(await sender.encode([sample(second: 90)]))
        #expect(asked(sink).count == 4)
        _ = try await sender.send(await sender.encode([sample(host: "cn2", second: 120)]))
        #expect(asked(sink).suffix(2) == [batch, "PATCH /v1/resource/instance/vm-1"])
    }

    @Test func aResourceThatIsUnknownIsMadeAndTheBatchSentAgain() async throws {
        let made = Mutex(false)
        let sink = try sink { request in
            if request.path == "/v1/resource/instance" { made.withLock { $0 = true } }
            guard request.path.contains("/batch/"), !made.withLock({ $0 }) else { return nil }
            return .init(
                400,
                body:
                    #"{"description": {"cause": "Unknown resources", "detail": [{"resource_id": "x", "original_resource_id": "a_b"}]}}"#
            )
        }
        let sender = try sender(sink)
        #expect(try await sender.send(await sender.encode([sample(of: "a/b")])) == [])
        #expect(asked(sink) == ["GET /v1/resource_type/instance", batch, "POST /v1/resource/instance", batch])
        #expect(
            String(decoding: sink.requests[2].body, as: UTF8.self)
                == #"{"id":"a_b","user_id":null,"project_id":"p","host":"cn1"}"#)
    }

    @Test func aResourceThatGnocchiWillNeverTakeCostsOnlyItsOwnSamples() async throws {
        let sink = try sink { request in
            if request.path == "/v1/resource/instance" { return .init(400, body: #"{"description": "Invalid input"}"#) }
            guard request.path.contains("/batch/"), String(decoding: request.body, as: UTF8.self).contains("\"bad\"")
            else {
                return nil
            }
            return .init(
                400,
                body: #"{"description": {"cause": "Unknown resources", "detail": [{"original_resource_id": "bad"}]}}"#)
        }
        let sender = try sender(sink)
        let letters = try await sender.send(await sender.encode([sample(of: "bad"), sample(of: "good")]))
        #expect(letters.map(\.reason) == ["HTTP 400: Invalid input"])
        #expect(String(decoding: sink.requests[3].body, as: UTF8.self).hasPrefix(#"{"good":"#))
    }

    @Test func aMeterWithoutADefinitionIsDroppedAndSaid() async throws {
        let sink = try sink()
        let sender = try sender(sink)
        #expect(try await sender.send(await sender.encode([sample("strange")])) == [])
        #expect(asked(sink) == [])
    }

    @Test(arguments: [
        (401, "see token_file, or user and password"), (404, "see the publisher's path"), (302, "redirections"),
        (503, "HTTP 503"),
    ])
    func whatAnOperatorOrTimeMendsWaits(status: Int, words: String) async throws {
        let sink = try HTTPSink { _ in .init(status, headers: ["Retry-After": "3"], body: "rubbish {") }
        let sender = try sender(sink)
        let error = await #expect(throws: Postponement.self) {
            _ = try await sender.send(await sender.encode([sample()]))
        }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        #expect(error?.pause == .seconds(3))
    }

    @Test func whatIsKnownOfResourcesIsBounded() {
        var seen = SeenAttributes(most: 100)
        for index in 0..<1000 { seen.note(index, of: "\(index)") }
        #expect(seen.hash(of: "999") == 999)
        #expect(seen.hash(of: "1") == nil)
    }
}
