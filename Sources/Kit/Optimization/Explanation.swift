// SPDX-License-Identifier: Apache-2.0

/// Why a node or an instance was chosen, or was not.
public struct Explanation: Sendable, Hashable {
    public struct Subject: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable { case node, instance, pool, volume, cluster }

        public var kind: Kind
        /// A UUID, or a pool's name; empty for the cluster as a whole.
        public var id: String
        /// What an operator calls it.
        public var name: String

        public init(_ kind: Kind, id: String = "", name: String? = nil) {
            self.kind = kind
            self.id = id
            self.name = name ?? id
        }
    }

    public enum Verdict: String, Sendable, Hashable { case chosen, rejected }

    public var subject: Subject
    public var verdict: Verdict
    /// With the figures that decided.
    public var reason: String

    public init(subject: Subject, verdict: Verdict, reason: String) {
        self.subject = subject
        self.verdict = verdict
        self.reason = reason
    }
}

/// Counts why destinations were not taken, so that a thousand of them make one line.
public struct RejectionTally: Sendable {
    private var counts: [(reason: String, count: Int)] = []

    public init() {}

    public mutating func note(_ reason: String) {
        if let index = counts.firstIndex(where: { $0.reason == reason }) {
            counts[index].count += 1
        } else {
            counts.append((reason, 1))
        }
    }

    /// `12 with too little memory, 3 overloaded`; `there is none` where none was looked at.
    public var text: String {
        counts.isEmpty ? "there is none" : counts.map { "\($0.count) \($0.reason)" }.joined(separator: ", ")
    }
}
