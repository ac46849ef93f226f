// SPDX-License-Identifier: Apache-2.0
internal import FleetExtensions
internal import HypsometerKit

/// Where extensions answer: at `/v1/ext/NAME/…` always, and at `/v1/…` where nobody else does.
struct ExtensionRouteTable: Sendable {
    struct Route: Sendable {
        var pattern: RoutePattern
        var owner: LoadedExtension
        /// Its place among those that the extension declared.
        var index: Int
        var declared: ExtensionDeclaration.Route
        /// Whether it is at the path that the extension wished for.
        var isFree: Bool
    }

    private(set) var routes: [Route] = []
    /// What is left out, and why.
    private(set) var refusals: [(extensionName: String, reason: String)] = []

    init() {}

    /// - Parameters:
    ///   - extensions: in the order in which they may claim paths.
    ///   - core: the service's own paths.
    init(_ extensions: [LoadedExtension], coreRoutes core: [RoutePattern]) {
        for owner in extensions {
            for (index, declared) in (owner.declaration?.routes ?? []).enumerated() {
                do throws(RoutePattern.Flaw) {
                    add(try RoutePattern(declared.path), declared, index, of: owner, core)
                } catch {
                    refusals.append((owner.name, error.description))
                }
            }
        }
    }

    private mutating func add(
        _ path: RoutePattern, _ declared: ExtensionDeclaration.Route, _ index: Int, of owner: LoadedExtension,
        _ core: [RoutePattern]
    ) {
        let home = RoutePattern(
            segments: [.literal("v1"), .literal("ext"), .literal(owner.name)] + path.segments)
        if let other = routes.first(where: { $0.declared.method == declared.method && $0.pattern.overlaps(home) }) {
            refusals.append(
                (owner.name, "\(declared.method) \(declared.path) clashes with its own \(other.declared.path)"))
            return
        }
        routes.append(Route(pattern: home, owner: owner, index: index, declared: declared, isFree: false))
        let wished = RoutePattern(segments: [.literal("v1")] + path.segments)
        let claimant: String?
        if core.contains(where: { $0.overlaps(wished) }) {
            claimant = "a path of the service's own"
        } else {
            claimant = routes.first { route in
                route.isFree && route.pattern.overlaps(wished)
                    && (route.owner.name != owner.name || route.declared.method == declared.method)
            }.map { "one of the extension \($0.owner.name)" }
        }
        guard claimant == nil else {
            refusals.append((owner.name, "\(wished) clashes with \(claimant ?? ""); it is at \(home) alone"))
            return
        }
        routes.append(Route(pattern: wished, owner: owner, index: index, declared: declared, isFree: true))
    }

    /// The route of a request, or, where the path is one and the method isn't, the methods that are.
    func match(_ method: String, _ parts: [String]) -> (route: Route, parameters: [String: String])? {
        for route in routes where route.declared.method == method {
            if let parameters = route.pattern.match(parts) { return (route, parameters) }
        }
        return nil
    }

    func methods(at parts: [String]) -> [String] {
        routes.filter { $0.pattern.match(parts) != nil }.map(\.declared.method)
    }
}
