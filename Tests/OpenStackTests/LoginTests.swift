// SPDX-License-Identifier: Apache-2.0
import OpenStack
import Telemetry
import TestSupport
import Testing

/// How a session comes to a token and keeps one.
@Suite(.timeLimit(.minutes(5))) struct LoginTests {
    private func cloud(lifetime: Int = 3600) throws -> StubCloud {
        try StubCloud(services: ["image": "/image"], lifetime: lifetime) { _ in .init(200, body: "{}") }
    }

    @Test func oneLoginServesAllWhoAsk() async throws {
        let cloud = try cloud()
        let session = cloud.session
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask { _ = try await session.answer(to: ServiceRequest("image", "v2/images")) }
            }
            try await group.waitForAll()
        }
        #expect(cloud.logins == 1 && cloud.paths.count == 50)
        #expect(cloud.paths.first == "/image/v2/images")
    }

    @Test func oneRenewalServesAllWhoseTokenWasRevoked() async throws {
        let cloud = try cloud()
        let session = cloud.session
        _ = try await session.answer(to: ServiceRequest("image", "v2/images"))
        cloud.revoke()
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 {
                group.addTask { _ = try await session.answer(to: ServiceRequest("image", "v2/images")) }
            }
            try await group.waitForAll()
        }
        #expect(cloud.logins == 2)
    }

    @Test func aTokenThatHasEndedIsNotSentAgain() async throws {
        let cloud = try cloud(lifetime: 0)
        let session = cloud.session
        for _ in 0..<3 { _ = try await session.answer(to: ServiceRequest("image", "v2/images")) }
        let tokens = cloud.sink.requests.compactMap { $0.headers["x-auth-token"] }
        #expect(tokens == ["token-1", "token-2", "token-3"])
    }

    @Test func aWrongPasswordIsToldInOneLineAndNotTriedAgainAtOnce() async throws {
        let cloud = try cloud()
        var credentials = cloud.credentials
        credentials.proof = .password(user: .init(name: "admin", domainID: "default"), CloudSecret("shibboleth"))
        let session = CloudSession(credentials)
        for _ in 0..<5 {
            let error = try #require(
                await cloudError { _ = try await session.answer(to: ServiceRequest("image", "v2/images")) })
            #expect(error.kind == .loginRefused)
            #expect(
                error.description == "could not log in at \(cloud.url)/v3/auth/tokens: HTTP 401: The request you have "
                    + "made requires authentication.; check user admin and its domain, the project and its domain, and "
                    + "the password")
        }
        #expect(cloud.logins == 1)
    }

    @Test func aKeystoneThatIsNotThereIsNamed() async throws {
        let cloud = try cloud()
        let session = cloud.session
        cloud.sink.stop()
        let error = await cloudError { _ = try await session.answer(to: ServiceRequest("image", "v2/images")) }
        #expect(error?.kind == .unreachable)
        #expect(error?.description.hasPrefix("could not log in at \(cloud.url)/v3/auth/tokens: ") == true)
        #expect(error?.description.contains("check auth_url") == true)
    }

    @Test func aKeystoneThatHangsIsWaitedForUntilTheDeadlineAndLoggedInAtOnceItAnswers() async throws {
        let cloud = try cloud()
        let keystone = try TroubledProxy(to: Int(cloud.sink.port), .hung)
        var credentials = cloud.credentials
        credentials.authURL = "http://127.0.0.1:\(keystone.port)/v3"
        let session = CloudSession(credentials)
        for _ in 0..<3 {
            let error = await cloudError { _ = try await session.endpoint(of: "image", by: .now + .milliseconds(200)) }
            #expect(error?.kind == .timedOut)
            #expect(
                error?.description
                    == "could not log in at http://127.0.0.1:\(keystone.port)/v3/auth/tokens in the time there was")
        }
        try keystone.begin(.none)
        let address = try await session.endpoint(of: "image", by: .now + .seconds(60))
        #expect(address == "http://127.0.0.1:\(keystone.port)/image")
        #expect(cloud.logins == 1, "the login that was begun is the one that counts")
    }

    @Test func noDescriptionHasASecret() async throws {
        let cloud = try cloud()
        var text = ""
        dump(cloud.credentials, to: &text)
        text += "\(cloud.credentials) \(String(reflecting: cloud.credentials))"
        #expect(text.contains("admin") && !text.contains(StubCloud.password))
    }
}
