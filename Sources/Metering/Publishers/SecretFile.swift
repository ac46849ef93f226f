// SPDX-License-Identifier: Apache-2.0
internal import Settings

/// Reads a secret that a file holds, so that neither a command line nor a configuration file does.
enum SecretFile {
    /// - Parameter place: where the file is named.
    static func firstLine(_ path: String, _ place: Mistake.Place, _ key: String) throws(Mistake) -> String {
        let text: String
        do throws(Mistake) {
            text = try TextFile.read(path)
        } catch {
            throw Mistake(
                place, key, found: "\(path.quoted), which \(error.found)", allowed: "a file that this user may read")
        }
        let line = String(text.prefix { !$0.isNewline })
        guard !line.isEmpty, line.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            // Nothing of it is shown.
            throw Mistake(
                place, key, found: "\(path.quoted), whose first line is empty or has control characters",
                allowed: "a file whose first line is the secret and nothing else")
        }
        return line
    }
}
