// SPDX-License-Identifier: Apache-2.0

/// A path that an extension answers at.
///
/// Paths are served below `/v1/ext/NAME`, and, where nothing else is there, below `/v1` as they stand. A path is either
/// made of segments, `/racks/{rack}/nodes/{id:int}`, or of the regular expressions that Nailgun's extensions were
/// written with, `/racks/(?P<id>\d+)/?$`; a final `/` makes no difference.
public struct ExtensionRoute: Sendable {
    /// Who may call it.
    public enum Access: String, Sendable, Hashable, CaseIterable {
        /// Anybody, without a token.
        case anybody = "public"
        /// Who may read the fleet.
        case read
        /// Who may change the fleet.
        case admin
        /// A node, for itself: its id comes with the request.
        case node
    }

    public typealias Handler = @Sendable (ExtensionRequest) async throws -> ExtensionResponse

    public var method: String
    public var path: String
    public var summary: String
    public var access: Access
    public var handler: Handler

    /// - Parameters:
    ///   - method: `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    ///   - summary: a line for the OpenAPI text.
    public init(
        _ method: String, _ path: String, _ summary: String = "", access: Access = .admin,
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.summary = summary
        self.access = access
        self.handler = handler
    }
}
