// SPDX-License-Identifier: Apache-2.0
import Foundation
import JSONText
import OpenStack
import Telemetry
import TestSupport
import Testing

/// The door to OpenStack before real services.
@Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(if: ServicesLab.unavailable == nil, Comment(rawValue: ServicesLab.unavailable ?? "")))
struct OpenStackTests {
    init() async throws { try await ServicesLab.shared.up("keystone", "glance") }

    private func users(_ session: CloudSession) async throws -> [String] {
        try await session.pages(of: ServiceRequest("identity", "v3/users"), key: "users").all().map {
            try $0.text("name")
        }
    }

    @Test func aPasswordOpensTheCloud() async throws {
        let session = try await CloudLab.session()
        #expect(try await users(session).contains("admin"))
        #expect(try await session.services().isSuperset(of: ["identity", "image", "compute"]))
        #expect(try await session.identity().projectID?.isEmpty == false)
    }

    @Test func anApplicationCredentialOpensIt() async throws {
        let session = try await CloudLab.session()
        let user = try #require(try await session.identity().userID)
        var request = ServiceRequest("identity", .post, "v3/users/\(user)/application_credentials")
        let name = "lab-\(UUID())"
        request.body = Array(
            #"{"application_credential": {"name": "\#(name)", "secret": "open sesame", "unrestricted": false}}"#.utf8)
        let made = try await session.answer(to: request).json()
        let id = try #require(made["application_credential"]).text("id")
        var credentials = try await CloudLab.credentials()
        credentials.proof = .applicationCredential(.init(id: id), of: nil, CloudSecret("open sesame"))
        credentials.scope = .own
        #expect(try await users(CloudSession(credentials)).contains("admin"))
        credentials.proof = .applicationCredential(.init(name: name), of: .init(id: user), CloudSecret("open sesame"))
        #expect(try await users(CloudSession(credentials)).contains("admin"))
    }

    @Test func aTokenOpensItUntilItIsWithdrawn() async throws {
        let session = try await CloudLab.session()
        var login = ServiceRequest("identity", .post, "v3/auth/tokens")
        login.body = Array(
            #"""
            {"auth": {"identity": {"methods": ["password"], "password": {"user":
            {"name": "admin", "domain": {"id": "default"}, "password": "\#(ServicesLab.password)"}}},
            "scope": {"project": {"name": "admin", "domain": {"id": "default"}}}}}
            """#.utf8)
        let token = try #require(try await session.answer(to: login).header("X-Subject-Token"))
        for scope in [try await CloudLab.credentials().scope, .own] {
            var credentials = try await CloudLab.credentials()
            credentials.proof = .token(CloudSecret(token))
            credentials.scope = scope
            #expect(try await users(CloudSession(credentials)).contains("admin"))
        }
        var credentials = try await CloudLab.credentials()
        credentials.proof = .token(CloudSecret(token))
        credentials.scope = .own
        let held = CloudSession(credentials)
        _ = try await users(held)
        var withdrawal = ServiceRequest("identity", .delete, "v3/auth/tokens")
        withdrawal.headers["X-Subject-Token"] = token
        _ = try await session.answer(to: withdrawal)
        let error = await #expect(throws: CloudError.self) { try await users(held) }
        #expect(error?.kind == .loginRefused)
        #expect(error?.description.contains("the token has ended or was withdrawn") == true)
    }

    @Test func aWrongPasswordIsOneLine() async throws {
        var credentials = try await CloudLab.credentials()
        credentials.proof = .password(user: .init(name: "admin", domainID: "default"), CloudSecret("shibboleth"))
        let session = CloudSession(credentials)
        let error = await #expect(throws: CloudError.self) { try await users(session) }
        let line = try #require(error?.description)
        #expect(line.contains("HTTP 401: The request you have made requires authentication."))
        #expect(line.contains("check user admin") && !line.contains("\n") && !line.contains("shibboleth"))
    }

    @Test func aTokenThatKeystoneNoLongerTakesIsRenewed() async throws {
        let admin = try await CloudLab.session()
        let (name, password) = ("renewed-\(UUID())", "open sesame")
        // A user of its own: others hold tokens of the administrator's.
        var creation = ServiceRequest("identity", .post, "v3/users")
        creation.body = Array(#"{"user": {"name": "\#(name)", "password": "\#(password)"}}"#.utf8)
        let user = try #require(try await admin.answer(to: creation).json()["user"]).text("id")
        let roles = ServiceRequest("identity", "v3/roles", query: ["name": "admin"])
        let role = try #require(try await admin.pages(of: roles, key: "roles").all().first).text("id")
        let project = try #require(try await admin.identity().projectID)
        let grant = ServiceRequest("identity", .put, "v3/projects/\(project)/users/\(user)/roles/\(role)")
        _ = try await admin.answer(to: grant)
        var credentials = try await CloudLab.credentials()
        credentials.proof = .password(user: .init(id: user), CloudSecret(password))
        let session = CloudSession(credentials)
        #expect(try await users(session).contains("admin"))
        // Setting a user's password, even the same, ends the user's tokens.
        var change = ServiceRequest("identity", .patch, "v3/users/\(user)")
        change.body = Array(#"{"user": {"password": "\#(password)"}}"#.utf8)
        _ = try await admin.answer(to: change)
        #expect(try await users(session).contains("admin"))
    }

    @Test func imagesComePageByPage() async throws {
        try await ServicesLab.shared.seed("glance")
        let session = try await CloudLab.session()
        let whole = try await session.pages(of: ServiceRequest("image", "v2/images"), key: "images").all()
        let request = ServiceRequest("image", "v2/images", query: ["limit": "1"])
        var pages: [Int] = []
        var ids: Set<String> = []
        for try await page in session.pages(of: request, key: "images") {
            pages.append(page.count)
            ids.formUnion(try page.map { try $0.text("id") })
        }
        let all = Set(try whole.map { try $0.text("id") })
        #expect(all.count >= 2 && all == ids)
        #expect(pages.count >= whole.count && pages.allSatisfy { $0 <= 1 })
    }

    @Test func whatIsNotThereIsToldWithTheServicesWords() async throws {
        let session = try await CloudLab.session()
        let error = await #expect(throws: CloudError.self) {
            try await session.answer(to: ServiceRequest("image", "v2/images/nothing"))
        }
        #expect(error?.status == 404)
        #expect(error?.description.contains("could not GET v2/images/nothing of image: HTTP 404") == true)
    }

    @Test func connectionsThatUWSGIClosesUnsaidAreReplaced() async throws {
        let session = try await CloudLab.session()
        for _ in 0..<100 { _ = try await session.answer(to: ServiceRequest("identity", "v3/projects")) }
    }

    @Test func aServiceThatFallsSilentIsLeftInTime() async throws {
        let session = try await CloudLab.session()
        let glance = try #require(URL(string: try await session.endpoint(of: "image") ?? "")?.port)
        let forwarder = try await Forwarder(to: glance)
        var credentials = try await CloudLab.credentials()
        credentials.endpoints = ["image": "http://127.0.0.1:\(forwarder.port)"]
        credentials.timeout = .seconds(2)
        let patient = CloudSession(credentials)
        _ = try await patient.answer(to: ServiceRequest("image", "v2/images"))
        forwarder.stop()
        let error = await #expect(throws: CloudError.self) {
            try await patient.answer(to: ServiceRequest("image", "v2/images"))
        }
        #expect(error?.kind == .timedOut)
        #expect(error?.description.contains("no whole answer of http://127.0.0.1:\(forwarder.port)") == true)
        forwarder.resume()
        #expect(try await patient.answer(to: ServiceRequest("image", "v2/images")).status == 200)
    }
}
