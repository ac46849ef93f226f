// SPDX-License-Identifier: Apache-2.0

/// What is metered: an instance, a volume, a port. Discoveries find resources, pollsters turn them into samples.
public struct Resource: Sendable, Hashable {
    /// Unique among all resources of its kind; for an instance its UUID.
    public var id: String
    /// The tenant that owns it; nil where nobody does, as for a domain that no cloud started.
    public var projectID: String?
    /// The user who made it.
    public var userID: String?
    /// Goes into each of its samples.
    public var metadata: Metadata

    public init(id: String, projectID: String? = nil, userID: String? = nil, metadata: Metadata = [:]) {
        self.id = id
        self.projectID = projectID
        self.userID = userID
        self.metadata = metadata
    }
}
