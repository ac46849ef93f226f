// SPDX-License-Identifier: Apache-2.0
import Foundation
import OpenStack
import Synchronization
import Telemetry
import TestSupport
import Testing

/// What is tried again, and what is not.
@Suite(.timeLimit(.minutes(5))) struct RetryTests {
    /// A cloud whose image service answers so, one after the other, and then with 200.
    private func cloud(_ answers: [HTTPSink.Answer?]) throws -> StubCloud {
        let left = Mutex(answers)
        return try StubCloud(services: ["image": ""]) { _ in
            left.withLock { $0.isEmpty ? .init(200, body: "{}") : $0.removeFirst() }
        }
    }

    @Test func aBusyServiceIsAskedAgain() async throws {
        let cloud = try cloud([.init(503, headers: ["Retry-After": "0"]), .init(429), .init(502)])
        let answer = try await cloud.session.answer(to: ServiceRequest("image", "v2/images"))
        #expect(answer.status == 200 && cloud.paths.count == 4)
    }

    @Test func aServiceThatStaysBrokenIsToldWithItsWords() async throws {
        let broken = HTTPSink.Answer(500, body: #"{"itemNotFound": {"message": "The database is away.", "code": 500}}"#)
        let cloud = try cloud(Array(repeating: broken, count: 10))
        let error = await cloudError { _ = try await cloud.session.answer(to: ServiceRequest("image", "v2/images")) }
        #expect(
            error?.description == "could not GET v2/images of image: HTTP 500: The database is away. after 4 tries")
        #expect(cloud.paths.count == 4)
    }

    @Test func whatMayNotBeRepeatedIsAskedOnce() async throws {
        for answer in [HTTPSink.Answer(503), nil] {
            let cloud = try cloud([answer])
            let error = await cloudError {
                _ = try await cloud.session.answer(to: ServiceRequest("image", .post, "v2/images"))
            }
            #expect(error != nil && cloud.paths.count == 1)
        }
    }

    @Test func whatMayNotBeRepeatedHasAConnectionOfItsOwn() async throws {
        let cloud = try cloud([])
        let session = cloud.session
        for method in [ServiceRequest.Method.get, .get, .post, .post] {
            _ = try await session.answer(to: ServiceRequest("image", method, "v2/images"))
        }
        let connections = cloud.sink.requests.filter { $0.path == "/v2/images" }.map(\.connection)
        #expect(connections[0] == connections[1] && Set(connections).count == 3)
    }

    @Test func aConnectionThatWasClosedUnseenIsReplaced() async throws {
        let cloud = try cloud([.init(200, body: "{}"), nil, nil])
        let session = cloud.session
        for _ in 0..<2 { _ = try await session.answer(to: ServiceRequest("image", "v2/images")) }
        #expect(cloud.paths.count == 4)
    }

    @Test func whatIsForbiddenIsNotTriedAgain() async throws {
        let cloud = try cloud([.init(403, body: #"{"forbidden": {"message": "Policy doesn't allow it."}}"#)])
        let error = await cloudError { _ = try await cloud.session.answer(to: ServiceRequest("image", "v2/images")) }
        #expect(error?.status == 403 && cloud.paths.count == 1)
        #expect(error?.description.contains("Policy doesn't allow it.; check the roles of the user") == true)
    }

    @Test func nobodyWaitsPastTheDeadline() async throws {
        let gate = Mutex(false)
        let cloud = try StubCloud(services: ["image": ""]) { _ in
            while !gate.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.05) }
            return nil
        }
        defer { gate.withLock { $0 = true } }
        let session = cloud.session
        let request = ServiceRequest("image", "v2/images", deadline: .now + .milliseconds(500))
        let error = await cloudError { _ = try await session.answer(to: request) }
        #expect(error?.kind == .timedOut)
    }

    @Test func aWaitPastTheDeadlineIsNotBegun() async throws {
        let cloud = try cloud([.init(503, headers: ["Retry-After": "30"])])
        let request = ServiceRequest("image", "v2/images", deadline: .now + .seconds(20))
        let error = await cloudError { _ = try await cloud.session.answer(to: request) }
        #expect(error?.status == 503)
    }

    @Test func onlySoManyRequestsAreUnderWayAtATime() async throws {
        let busy = Mutex((now: 0, most: 0))
        let cloud = try StubCloud(services: ["image": ""]) { _ in
            busy.withLock { busy in
                busy.now += 1
                busy.most = max(busy.most, busy.now)
            }
            Thread.sleep(forTimeInterval: 0.02)
            busy.withLock { $0.now -= 1 }
            return .init(200, body: "{}")
        }
        var credentials = cloud.credentials
        credentials.concurrency = 4
        let session = CloudSession(credentials)
        try await withThrowingTaskGroup { group in
            for _ in 0..<40 {
                group.addTask { _ = try await session.answer(to: ServiceRequest("image", "v2/images")) }
            }
            try await group.waitForAll()
        }
        #expect(busy.withLock { $0.most } == 4)
    }
}
