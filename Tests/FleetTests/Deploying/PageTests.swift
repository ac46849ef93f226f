// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct FleetPageTests {
    @Test func thePageIsThereForAnybodyAndRunsNothingOfOthers() async throws {
        let fleet = try await RunningFleet(try TemporaryDirectory())
        let page = try await fleet.send("GET", "/page", token: nil)
        #expect(page.status == 200)
        #expect(page.headers["content-type"] == "text/html; charset=utf-8")
        #expect(page.headers["content-security-policy"]?.contains("script-src 'self'") == true)
        for part in page.text.split(separator: "\"").filter({ $0.hasPrefix("/page/") }) {
            let reply = try await fleet.send("GET", String(part), token: nil)
            #expect(reply.status == 200 && !reply.body.isEmpty)
            let tag = try #require(reply.headers["etag"])
            let again = try await fleet.send("GET", String(part), token: nil, headers: ["If-None-Match": tag])
            #expect(again.status == 304)
        }
        try await fleet.stop()
    }

    @Test(.enabled(if: Browser.unavailable == nil)) func itShowsWhoChangedWhatToThoseWithAToken() async throws {
        let directory = try TemporaryDirectory()
        // A page of the same origin, which gives the browser's tab a token as its reader would.
        let script =
            "<script>sessionStorage.setItem('hypsometer.fleet.token','\(RunningFleet.admin)');"
            + "location.replace('/page#/'+new URLSearchParams(location.search).get('to'))</script>"
        let body = """
            if c["method"] == "handle_request":
                answer({"status": 200, "headers": {"content-type": "text/html"}, "body": "\(script)"})
            if c["method"].startswith("process_"): answer({"data": p["data"]})
            """
        try ScriptedExtension(
            name: "opener",
            declares:
                #"{"routes": [{"method": "GET", "path": "/open", "access": "public"}], "data_pipelines": ["One"]}"#,
            body: body
        ).install(directory)
        let fleet = try await RunningFleet(directory)
        let (cluster, _) = try await fleet.deployable(2, extensions: ["opener"])
        _ = try await fleet.deploy(cluster)
        for (view, words) in [
            ("", "52:54:00:00:00:01"), ("clusters", "deployment"), ("extensions", "opener"),
            ("audit", "cluster.deploy"),
            ("clusters/1", "Generations"), ("clusters/1/1", "extension opener, pipeline One: 0 changes"),
            ("nodes/1", "Generation 1 of cluster 1"),
        ] {
            let address = "http://\(fleet.address)/v1/ext/opener/open?to=\(view)"
            let text = try await onThread { try Browser.document(address) { $0.contains(words) } }
            #expect(text.contains(words), "\(view): \(text.suffix(1500))")
        }
        let closed = "http://\(fleet.address)/page"
        let text = try await onThread { try Browser.document(closed) { $0.contains("fleet token create read") } }
        #expect(text.contains("fleet token create read"))
        try await fleet.stop()
    }
}
