// SPDX-License-Identifier: Apache-2.0

/// A reader of what comes from outside, to be given arbitrary bytes: it may refuse them in one line, and must not crash,
/// hang or read them in two ways.
package struct FuzzTarget: Sendable {
    /// Also the name of its folder in the corpus.
    package let name: String
    package let take: @Sendable ([UInt8]) async -> Void

    init(_ name: String, _ take: @escaping @Sendable ([UInt8]) async -> Void) {
        self.name = name
        self.take = take
    }

    /// Of texts: bytes that are no UTF-8 are no text to any of them.
    init(_ name: String, text: @escaping @Sendable (String) -> Void) {
        self.init(name) { bytes in
            if let given = String(validating: bytes, as: UTF8.self) { text(given) }
        }
    }

    package static let all = configuration + notifications + wire + texts

    package static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// Ends the program where a promise is broken, as a fuzzer wants it.
func require(_ holds: Bool, _ promise: @autoclosure () -> String) {
    if !holds { fatalError(promise()) }
}

/// What the reader of a file says: one line for each mistake.
func requireOneLineEach(_ mistakes: [String]) {
    for mistake in mistakes {
        require(!mistake.contains(where: \.isNewline), "a mistake of several lines: \(mistake)")
        require(mistake.utf8.count < 4_000, "a mistake of \(mistake.utf8.count) bytes")
    }
}
