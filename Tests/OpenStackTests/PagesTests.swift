// SPDX-License-Identifier: Apache-2.0
import JSONText
import OpenStack
import TestSupport
import Testing

/// Lists of several pages, in the ways in which services say that there are more.
@Suite(.timeLimit(.minutes(5))) struct PagesTests {
    /// A cloud whose service answers by the query.
    private func cloud(_ pages: [String: HTTPSink.Answer]) throws -> StubCloud {
        try StubCloud(services: ["compute": "/v2.1"]) { request in
            let query = request.path.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
            return pages[query] ?? .init(400, body: query)
        }
    }

    private func names(_ pages: CloudPages) async throws -> [String] {
        try await pages.all().map { try $0.text("name") }
    }

    @Test func linksOfNovaAreFollowed() async throws {
        // As behind a proxy that nobody told Nova about.
        let next = "http://10.0.0.7:8774/v2.1/servers?limit=1&marker=a%20b"
        let cloud = try cloud([
            "limit=1": .init(
                200, body: #"{"servers": [{"name": "a"}], "servers_links": [{"rel": "next", "href": "\#(next)"}]}"#),
            "limit=1&marker=a%20b": .init(200, body: #"{"servers": [{"name": "b"}]}"#),
        ])
        let request = ServiceRequest("compute", "servers", query: ["limit": "1"])
        #expect(try await names(cloud.session.pages(of: request, key: "servers")) == ["a", "b"])
        #expect(cloud.paths == ["/v2.1/servers?limit=1", "/v2.1/servers?limit=1&marker=a%20b"])
    }

    @Test(arguments: [
        #"{"images": [{"name": "a"}], "next": "/v2/images?marker=7"}"#,
        #"{"images": [{"name": "a"}], "links": {"next": "https://elsewhere/x?marker=7", "self": "y"}}"#,
    ])
    func otherLinksAreFollowed(first: String) async throws {
        let cloud = try cloud([
            "": .init(200, body: first),
            "marker=7": .init(200, body: #"{"images": [{"name": "b"}], "next": null, "links": {"next": null}}"#),
        ])
        #expect(
            try await names(cloud.session.pages(of: ServiceRequest("compute", "v2/images"), key: "images")) == [
                "a", "b",
            ])
    }

    @Test func linksInTheHeadAreFollowed() async throws {
        let cloud = try cloud([
            "": .init(
                200, headers: ["Link": #"<http://h/v1/metric?marker=7&limit=1>; rel="next""#], body: #"[{"name": "a"}]"#
            ),
            "marker=7&limit=1": .init(200, body: #"[{"name": "b"}]"#),
        ])
        #expect(
            try await names(cloud.session.pages(of: ServiceRequest("compute", "v1/metric"), key: nil)) == ["a", "b"])
    }

    @Test func markersAreFollowedUntilAPageIsEmpty() async throws {
        let cloud = try cloud([
            "": .init(200, body: #"[{"name": "a"}, {"name": "ä/ö"}]"#),
            "marker=%C3%A4%2F%C3%B6": .init(200, body: #"[{"name": "z"}]"#),
            "marker=z": .init(200, body: "[]"),
        ])
        let pages = cloud.session.pages(of: ServiceRequest("compute", "c"), key: nil, following: .marker("name"))
        #expect(try await names(pages) == ["a", "ä/ö", "z"])
    }

    @Test func aPageThatFollowsItselfEndsTheList() async throws {
        let cloud = try cloud([
            "": .init(200, body: #"{"servers": [{"name": "a"}], "next": "?marker=7"}"#),
            "marker=7": .init(200, body: #"{"servers": [{"name": "b"}], "next": "?marker=7"}"#),
        ])
        let error = await cloudError {
            _ = try await cloud.session.pages(of: ServiceRequest("compute", "servers"), key: "servers").all()
        }
        #expect(error?.kind == .unreadable && error?.description.contains("a page that follows itself") == true)
    }

    @Test func anAnswerWithoutTheListIsNoEmptyList() async throws {
        let cloud = try cloud(["": .init(200, body: #"{"server": []}"#)])
        let error = await cloudError {
            _ = try await cloud.session.pages(of: ServiceRequest("compute", "servers"), key: "servers").all()
        }
        #expect(error?.description.contains("without a list of \"servers\"") == true)
    }
}
