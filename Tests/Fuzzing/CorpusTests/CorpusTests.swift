// SPDX-License-Identifier: Apache-2.0
internal import Foundation
internal import FuzzTargets
internal import Testing

/// What fuzzing has come upon, once more.
struct CorpusTests {
    private static let corpus = URL(filePath: #filePath).appending(path: "../../Corpus").standardized

    @Test("Readers of what comes from outside take all that fuzzing found worth keeping", arguments: FuzzTarget.all)
    func takesCorpus(target: FuzzTarget) async throws {
        let folder = Self.corpus.appending(path: target.name)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files { await target.take(Array(try Data(contentsOf: file))) }
    }
}

extension FuzzTarget: CustomTestStringConvertible {
    public var testDescription: String { name }
}
