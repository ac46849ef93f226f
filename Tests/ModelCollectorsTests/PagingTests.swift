// SPDX-License-Identifier: Apache-2.0
import ClusterModel
import ModelCollectors
import Testing

/// Lists that services give page by page.
@Suite struct PagingTests {
    /// Pages of machines as Ironic gives them, each with the link to the next.
    private struct Pages: CloudAPI {
        var pages: [[String]]
        /// Every page says that the first one follows.
        var isEndless = false

        func get(_ request: CloudRequest) async throws -> JSONValue {
            let marker = request.query.first { $0.name == "marker" }?.value
            let place = marker.flatMap { marker in pages.firstIndex { $0.last == marker } }.map { $0 + 1 } ?? 0
            let nodes = pages[isEndless ? 0 : place].map { JSONValue.object(["uuid": .string($0)]) }
            let hasNext = isEndless || place + 1 < pages.count
            return ["nodes": .array(nodes), "next": hasNext ? "http://cloud/nodes?marker=x" : nil]
        }
    }

    @Test(arguments: [[["a", "b"], ["c"], ["d", "e"]], [["a"]], [[]]])
    func everyPageIsTaken(pages: [[String]]) async throws {
        let model = try await IronicCollector(api: Pages(pages: pages)).execute() as? BaremetalModelRoot
        #expect(model?.allNodes.map(\.uuid) == pages.flatMap(\.self))
    }

    @Test func aPageThatFollowsItselfIsAnError() async {
        await #expect(throws: ModelFormatError.self) {
            try await IronicCollector(api: Pages(pages: [["a"]], isEndless: true)).execute()
        }
    }
}
