// SPDX-License-Identifier: Apache-2.0

/// Numbers for words: each word is kept once, and what refers to it holds its number.
struct Vocabulary<Word: Hashable & Sendable>: Sendable {
    private var ids: [Word: Int32] = [:]
    /// By number; where one was forgotten there is nil. Number 0 is never given.
    private var words: [Word?] = [nil]
    /// Numbers of words that the database doesn't hold yet, in their order.
    private var unsaved: [Int32] = []

    var count: Int { ids.count }
    /// The numbers in use, ascending.
    var all: [Int32] { words.indices.filter { words[$0] != nil }.map { Int32($0) } }

    /// The word's number, a new one where it has none.
    mutating func id(of word: Word) -> Int32 {
        if let id = ids[word] { return id }
        let id = Int32(words.count)
        words.append(word)
        ids[word] = id
        unsaved.append(id)
        return id
    }

    func known(_ word: Word) -> Int32? { ids[word] }

    subscript(id: Int32) -> Word? { words.indices.contains(Int(id)) ? words[Int(id)] : nil }

    /// What the database held at the start.
    mutating func restore(_ word: Word, id: Int32) {
        while words.count <= Int(id) { words.append(nil) }
        words[Int(id)] = word
        ids[word] = id
    }

    var unsavedWords: [(Int32, Word)] { unsaved.compactMap { id in self[id].map { (id, $0) } } }

    /// The first so many of those unsaved are in the database.
    mutating func markSaved(_ count: Int) { unsaved.removeFirst(count) }
}
