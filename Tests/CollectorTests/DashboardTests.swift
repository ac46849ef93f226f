// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@testable import Collector

/// The page at `/`: its files, and what a browser is told of them.
@Suite struct DashboardTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func everyFileIsServedWithItsTypeAndRules() async throws {
        let collector = try await RunningCollector(directory)
        for (path, type) in [
            ("/", "text/html; charset=utf-8"), ("/dashboard/app.js", "text/javascript; charset=utf-8"),
            ("/dashboard/style.css", "text/css; charset=utf-8"), ("/dashboard/icon.svg", "image/svg+xml"),
        ] {
            let reply = try await collector.get(path)
            #expect(reply.status == 200)
            #expect(reply.headers["content-type"] == type, "\(path)")
            #expect(
                reply.headers["content-security-policy"]?.hasPrefix("default-src 'none'; script-src 'self'") == true)
            #expect(reply.headers["x-content-type-options"] == "nosniff")
            #expect(reply.headers["referrer-policy"] == "no-referrer")
            #expect(reply.body.count > 200)
        }
        #expect(try await collector.get("/dashboard/none.js").status == 404)
        try await collector.stop()
    }

    @Test func whatABrowserHasIsNotSentAgain() async throws {
        let collector = try await RunningCollector(directory)
        let first = try await collector.get("/dashboard/app.js")
        let tag = try #require(first.headers["etag"])
        #expect(tag != (try await collector.get("/dashboard/plot.js")).headers["etag"])
        #expect(first.headers["cache-control"] == "no-cache")
        for field in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
            let again = try await collector.send("GET", "/dashboard/app.js", headers: ["If-None-Match": field])
            #expect(again.status == 304, "\(field)")
            #expect(again.body.isEmpty)
            #expect(again.headers["etag"] == tag)
        }
        let other = try await collector.send("GET", "/dashboard/app.js", headers: ["If-None-Match": "\"other\""])
        #expect(other.status == 200)
        try await collector.stop()
    }

    @Test func everythingThatTheFilesNameIsThereAndNothingElseIsAsked() async throws {
        let collector = try await RunningCollector(directory)
        let named = try Regex(#"(?:src|href)="(/[^"]*)"|from '\./([^']*)'|/v1/[a-z.]+"#)
        var paths: Set<String> = []
        for file in DashboardRoutes.files {
            let text = String(decoding: file.bytes, as: UTF8.self)
            for match in text.matches(of: named) {
                let path = match.output[1].substring ?? match.output[2].substring.map { "/dashboard/" + $0 }
                paths.insert(String(path ?? match.output[0].substring ?? ""))
            }
            // The namespace of SVG is a name, not an address.
            let addresses = text.replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!addresses.contains("http://") && !addresses.contains("https://"), "\(file.path)")
            #expect(!text.contains("style=\"") && !text.contains("innerHTML"), "\(file.path)")
        }
        #expect(paths.isSuperset(of: ["/dashboard/app.js", "/dashboard/series.js", "/v1/hosts", "/v1/top"]))
        for path in paths {
            // An API path without its parameters is there as well.
            #expect(try await collector.get(path).status != 404, "\(path)")
        }
        try await collector.stop()
    }

    @Test func thePageIsSmall() {
        let size = DashboardRoutes.files.reduce(0) { $0 + $1.bytes.count }
        #expect(size < 100_000)
    }

    @Test func withoutATokenThePageIsThereAndNoFigureIs() async throws {
        let tokens = try directory.write("0123456789abcdef\n", to: "tokens")
        let collector = try await RunningCollector(directory, "token_file = \(tokens)")
        #expect(try await collector.get("/").status == 200)
        for path in ["/v1/hosts", "/v1/instances", "/v1/top?meter=cpu_util", "/v1/measures?meter=cpu_util"] {
            #expect(try await collector.get(path).status == 401, "\(path)")
            let known = try await collector.send("GET", path, headers: ["Authorization": "Bearer 0123456789abcdef"])
            #expect(known.status == 200, "\(path)")
        }
        try await collector.stop()
    }

    @Test func itCanBeLeftOut() async throws {
        let collector = try await RunningCollector(directory, "dashboard = false")
        #expect(try await collector.get("/").status == 404)
        #expect(try await collector.get("/dashboard/app.js").status == 404)
        #expect(try await collector.get("/v1/hosts").status == 200)
        try await collector.stop()
    }
}
