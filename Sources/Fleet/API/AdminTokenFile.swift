// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import Settings
internal import Web

/// The file with the tokens of those who may do everything; made where there is none, so that a new service is closed to
/// all but who may read that file.
enum AdminTokenFile {
    /// - Returns: the tokens, and whether the file was made now. Blocks.
    static func readOrMake(_ path: String) throws(Mistakes) -> (tokens: AccessTokens, isNew: Bool) {
        var isNew = false
        if !TextFile.exists(path) {
            // Under its own name only once it is whole: who reads it meanwhile finds none.
            let draft = "\(path).new-\(getpid())"
            let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { throw failure(path) }
            let text = TokenSecret.random() + "\n"
            let count = write(file, text, text.utf8.count)
            fsync(file)
            close(file)
            // Where another was quicker, its file stands.
            isNew = count == text.utf8.count && link(draft, path) == 0
            unlink(draft)
        }
        return (try AccessTokens.read(path), isNew)
    }

    private static func failure(_ path: String) -> Mistakes {
        Mistakes([
            Mistake(
                .init(path), "", found: "could not be made: \(String(cString: strerror(errno)))",
                allowed: "a file in a directory that this user may write to")
        ])
    }
}
