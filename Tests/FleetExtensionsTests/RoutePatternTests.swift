// SPDX-License-Identifier: Apache-2.0
import FleetExtensions
import Testing

/// Paths as Nailgun's extensions wrote them, and as ours do.
@Suite struct RoutePatternTests {
    private func match(_ pattern: String, _ path: String) throws -> [String: String]? {
        try RoutePattern(pattern).match(path.split(separator: "/").map(String.init))
    }

    @Test func theRegularExpressionsOfTheOldGuideAreUnderstood() throws {
        let node = #"/example_extension/(?P<node_id>\d+)/?$"#
        #expect(try match(node, "/example_extension/12") == ["node_id": "12"])
        #expect(try match(node, "/example_extension/12/") == ["node_id": "12"])
        #expect(try match(node, "/example_extension/x") == nil)
        #expect(try match(node, "/example_extension") == nil)
        let properties = #"/example_extension/(?P<node_id>\d+)/properties/"#
        #expect(try match(properties, "/example_extension/12/properties") == ["node_id": "12"])
        #expect(try RoutePattern(properties).description == "/example_extension/{node_id}/properties")
        #expect(try match(#"^/a/(?P<name>[^/]+)$"#, "/a/b-c.d") == ["name": "b-c.d"])
    }

    @Test func segmentsAreUnderstood() throws {
        #expect(try match("/racks/{rack}/nodes/{id:int}", "/racks/r-1/nodes/7") == ["rack": "r-1", "id": "7"])
        #expect(try match("/racks/{rack}/nodes/{id:int}", "/racks/r-1/nodes/seven") == nil)
    }

    @Test(
        arguments: [
            #"/a/(\d+)"#, #"/a/(?P<x>.*)/b"#, #"/a(?P<x>\d+)"#, #"/a/(?P<x>\d{1,3})"#, "/a|/b", "a", "", "/a//b",
            "/a/../b", "/a/.",
            #"/a/(?P<x>\d+)/(?P<x>\d+)"#, "/a/{}", "/a/{x:real}", "/a/[0-9]+", "/a/{x",
        ]) func whatCannotBeOneIsRefusedWithWords(path: String)
    {
        #expect(throws: RoutePattern.Flaw.self) { try RoutePattern(path) }
    }

    @Test func twoThatCouldBeTheSamePathOverlap() throws {
        func overlap(_ left: String, _ right: String) throws -> Bool {
            try RoutePattern(left).overlaps(try RoutePattern(right))
        }
        #expect(try overlap("/nodes/{id:int}", "/nodes/{name}"))
        #expect(try overlap("/nodes/{name}", "/nodes/agent"))
        #expect(try !overlap("/nodes/{id:int}", "/nodes/agent"))
        #expect(try !overlap("/nodes/{id}/disks", "/nodes/{id}"))
        #expect(try !overlap("/nodes/{id}/disks", "/nodes/{id}/reset"))
    }
}
