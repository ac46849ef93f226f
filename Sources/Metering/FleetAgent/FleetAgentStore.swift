// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Glibc
package import Settings

/// What outlives an agent: its token, and the last generation that it could use. Only its own user may read it, as
/// publishers' addresses may hold passwords. All calls block.
package struct FleetAgentStore: Sendable {
    private let directory: String

    package init(_ settings: FleetAgentSettings) { directory = settings.directory }

    private var tokenPath: String { "\(directory)/token" }
    private var keyPath: String { "\(directory)/registration" }
    private var generationPath: String { "\(directory)/generation.json" }

    /// nil before the first one.
    ///
    /// - Throws: ``Mistake`` where it can't be read.
    package func generation() throws(Mistake) -> FetchedGeneration? {
        guard TextFile.exists(generationPath) else { return nil }
        let text = try TextFile.read(generationPath)
        do {
            return try FetchedGeneration(try JSONValue(parsing: text))
        } catch {
            throw Mistake(.init(generationPath), "", found: "\(error)", allowed: "what this program wrote")
        }
    }

    func keep(_ generation: FetchedGeneration) throws(Mistake) { try write(generation.json.json, to: generationPath) }

    func token() throws(Mistake) -> String? {
        guard TextFile.exists(tokenPath) else { return nil }
        return try TextFile.read(tokenPath).split(whereSeparator: \.isWhitespace).first.map(String.init)
    }

    func keep(token: String) throws(Mistake) { try write(token + "\n", to: tokenPath) }

    /// What tells a registration that is tried again from another one's: made once, and kept.
    func registrationKey() throws(Mistake) -> String {
        if TextFile.exists(keyPath) { return String(try TextFile.read(keyPath).trimmed) }
        let key = String(UInt64.random(in: 0 ... .max), radix: 16) + String(UInt64.random(in: 0 ... .max), radix: 16)
        try write(key, to: keyPath)
        return key
    }

    /// Whole or not at all, also over a loss of power.
    private func write(_ text: String, to path: String) throws(Mistake) {
        mkdir(directory, 0o700)
        let draft = path + ".new"
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(draft) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else {
                defer { close(file) }
                throw failure(draft)
            }
            bytes = bytes.dropFirst(count)
        }
        let isSafe = fsync(file) == 0
        close(file)
        guard isSafe, rename(draft, path) == 0 else { throw failure(path) }
    }

    private func failure(_ path: String) -> Mistake {
        Mistake(
            .init(path), "", found: "could not be written: \(String(cString: strerror(errno)))",
            allowed: "[fleet_agent] state_directory, in a place that this user may write to")
    }
}
