// SPDX-License-Identifier: Apache-2.0
public import ClusterModel

/// What collectors ask of a cloud's services: one document at a time, as an administrator.
///
/// Whoever conforms finds the service's address, logs in, tries again what is worth it, and bounds each request in
/// time. Paging is done here.
public protocol CloudAPI: Sendable {
    /// The answer's body.
    ///
    /// - Throws: for anything but success.
    func get(_ request: CloudRequest) async throws -> JSONValue
}

/// One request that changes nothing.
public struct CloudRequest: Sendable, Hashable {
    /// By the type that the cloud's catalog has it under.
    public enum Service: String, Sendable, Hashable {
        case compute, placement, baremetal
        case blockStorage = "block-storage"
    }

    public struct Parameter: Sendable, Hashable {
        public var name: String
        public var value: String
    }

    public var service: Service
    /// Relative to the address in the catalog, without a slash at its begin: `servers/detail`.
    public var path: String
    public var query: [Parameter]
    /// `2.53`; nil for the service's default.
    public var microversion: String?

    init(
        _ service: Service, _ path: String, _ query: KeyValuePairs<String, String> = [:], microversion: String? = nil
    ) {
        self.service = service
        self.path = path
        self.query = query.map { Parameter(name: $0.key, value: $0.value) }
        self.microversion = microversion
    }
}

extension CloudAPI {
    /// All items of a list, page after page: as long as the service says that there are more.
    ///
    /// - Parameters:
    ///   - key: what the list is called in the answer.
    ///   - id: what the item's identifier is called, after which the next page begins.
    func list(_ request: CloudRequest, _ key: String, id: String = "id") async throws -> [JSONValue] {
        var items: [JSONValue] = []
        var request = request
        while true {
            let page = try await get(request)
            guard let new = page[key]?.array else {
                throw ModelFormatError("\(request.service.rawValue) \(request.path): an answer without \(key)")
            }
            items += new
            // Nova and Cinder have a list of links, Ironic one link.
            let links = page["\(key)_links"]?.array ?? []
            let hasMore = links.contains { $0["rel"] == "next" } || page["next"]?.string?.isEmpty == false
            guard hasMore, let last = new.last else { return items }
            guard let marker = last[id]?.string else {
                throw ModelFormatError("\(request.service.rawValue) \(request.path): an item without \(id)")
            }
            let next = CloudRequest.Parameter(name: "marker", value: marker)
            guard !request.query.contains(next) else {
                throw ModelFormatError("\(request.service.rawValue) \(request.path): a page that follows itself")
            }
            request.query.removeAll { $0.name == "marker" }
            request.query.append(next)
        }
    }
}

extension Array where Element: Sendable {
    /// What `body` makes of each, in this order; a few at a time.
    func concurrentMap<Result: Sendable>(
        atMost limit: Int = 8, _ body: @escaping @Sendable (Element) async -> Result
    ) async -> [Result] {
        typealias Answer = (place: Int, result: Result)
        return await withTaskGroup(of: Answer.self) { group in
            var results: [Int: Result] = [:]
            for (place, element) in enumerated() {
                if place >= limit, let answer = await group.next() { results[answer.place] = answer.result }
                group.addTask { (place, await body(element)) }
            }
            for await answer in group { results[answer.place] = answer.result }
            return indices.compactMap { results[$0] }
        }
    }
}
