// SPDX-License-Identifier: Apache-2.0
package import JSONText

/// A list of a service, page after page, as long as it says that there are more.
///
/// Of what follows only the query is taken: services behind a proxy name addresses in their links that nobody
/// outside can reach.
package struct CloudPages: AsyncSequence, Sendable {
    /// What follows a page.
    package enum Following: Sendable {
        /// As the answer says it: `KEY_links` (Nova, Cinder, Neutron), `next` (Glance, Ironic), `links.next` (Keystone,
        /// Designate), or the header field `Link` (Gnocchi).
        case links
        /// Nothing says whether there is more: the next page begins after the last item, by this field of it, until one
        /// is empty (Swift).
        case marker(String)
    }

    /// A service that goes on for longer has lost its way.
    private static let mostPages = 100_000

    let session: CloudSession
    let request: ServiceRequest
    /// nil where the answer itself is the list.
    let key: String?
    let following: Following

    package func makeAsyncIterator() -> Iterator { Iterator(pages: self, next: request) }

    /// The items of all pages.
    package func all() async throws -> [WireValue] {
        var items: [WireValue] = []
        for try await page in self { items += page }
        return items
    }

    package struct Iterator: AsyncIteratorProtocol {
        let pages: CloudPages
        var next: ServiceRequest?
        var queries: Set<[ServiceRequest.Parameter]> = []

        package mutating func next() async throws -> [WireValue]? {
            guard var request = next else { return nil }
            let answer = try await pages.session.answer(to: request)
            let json = try answer.json()
            guard case .array(let items)? = pages.key.map({ json[$0] }) ?? json else {
                let name = pages.key.map { "\"\($0)\"" } ?? "items"
                throw CloudError(
                    .unreadable, "could not \(request.shown): an answer of \(answer.url) without a list of \(name)")
            }
            next = nil
            guard let parameters = try pages.parametersOfNext(after: items, json, answer, request) else { return items }
            request.query = request.query.filter { old in !parameters.contains { $0.name == old.name } } + parameters
            guard queries.insert(request.query).inserted, request.query != pages.request.query,
                queries.count < CloudPages.mostPages
            else { throw CloudError(.unreadable, "could not \(request.shown): a page that follows itself") }
            next = request
            return items
        }
    }

    private func parametersOfNext(
        after items: [WireValue], _ json: WireValue, _ answer: CloudAnswer, _ request: ServiceRequest
    ) throws -> [ServiceRequest.Parameter]? {
        switch following {
        case .links:
            return link(in: json, answer).map(Self.parameters)
        case .marker(let field):
            guard let last = items.last else { return nil }
            guard case .string(let marker)? = last[field] else {
                throw CloudError(.unreadable, "could not \(request.shown): an item without \(field)")
            }
            return [.init("marker", marker)]
        }
    }

    private func link(in json: WireValue, _ answer: CloudAnswer) -> String? {
        if let key, case .array(let links)? = json["\(key)_links"] {
            return links.first { $0["rel"] == .string("next") }?["href"]?.text
        }
        if let next = json["next"]?.text ?? json["links"]?["next"]?.text { return next }
        let links = answer.header("link")?.split(separator: ",") ?? []
        let header = links.first { $0.contains("rel=\"next\"") || $0.contains("rel=next") }
        return header?.firstIndex(of: "<").flatMap { begin in
            header.map { String($0[$0.index(after: begin)...].prefix { $0 != ">" }) }
        }
    }

    private static func parameters(_ link: String) -> [ServiceRequest.Parameter] {
        let query = link.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        return query.prefix { $0 != "#" }.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return .init(String(parts[0]).percentDecoded, parts.count > 1 ? String(parts[1]).percentDecoded : "")
        }
    }
}

extension CloudSession {
    /// - Parameter key: what the list is called in the answer, `servers`; nil where the answer itself is the list.
    package nonisolated func pages(
        of request: ServiceRequest, key: String?, following: CloudPages.Following = .links
    ) -> CloudPages {
        CloudPages(session: self, request: request, key: key, following: following)
    }
}

extension WireValue {
    fileprivate var text: String? {
        guard case .string(let text) = self, !text.isEmpty else { return nil }
        return text
    }
}
