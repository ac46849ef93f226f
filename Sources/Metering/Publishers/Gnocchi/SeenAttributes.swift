// SPDX-License-Identifier: Apache-2.0

/// What Gnocchi was last told of each resource, as hashes, so that it is told again only where something changes.
/// Bounded: the resources that have not been seen for longest are forgotten, and told once more when they come back.
struct SeenAttributes: Sendable {
    private let most: Int
    private var recent: [String: Int] = [:]
    private var older: [String: Int] = [:]

    /// - Parameter most: resources are known, and up to twice as many.
    init(most: Int) { self.most = most }

    /// The hash that was noted last; nil where none is known.
    mutating func hash(of resource: String) -> Int? {
        if let hash = recent[resource] { return hash }
        guard let hash = older.removeValue(forKey: resource) else { return nil }
        note(hash, of: resource)
        return hash
    }

    mutating func note(_ hash: Int, of resource: String) {
        recent[resource] = hash
        if recent.count >= most {
            older = recent
            recent = [:]
        }
    }

    mutating func forgetAll() {
        recent = [:]
        older = [:]
    }
}
