// SPDX-License-Identifier: Apache-2.0

extension String {
    /// With what stands for a password hidden: `scheme://user:***@host`, in each URL of a list, and `user:***@host` in
    /// a text that is no URL. Where it can't be told what still belongs to a password, rather too much is hidden than
    /// too little.
    package var withoutPassword: String {
        // Scalars, not characters: a colon and a mark that joins it are one character, and no colon.
        let text = Substring(self).unicodeScalars
        let starts = text.startsOfURLs
        return text[..<(starts.first ?? endIndex)].hidingPasswordOfNoURL
            + zip(starts, starts.dropFirst() + [endIndex]).map { text[$0..<$1].hidingPasswords }.joined()
    }
}

extension Substring.UnicodeScalarView {
    /// What follows each `scheme://` that stands at the beginning or apart from what comes before it.
    fileprivate var startsOfURLs: [Index] {
        ranges(of: "://".unicodeScalars).compactMap { mark in
            let before = self[..<mark.lowerBound]
            guard let last = before.last, last.isOfAScheme else { return nil }
            let apart = before.last { !$0.isOfAScheme }
            return apart.map { " \t\r\n,;|\"'(=".unicodeScalars.contains($0) } ?? true ? mark.upperBound : nil
        }
    }

    /// `user:password@host`: whatever stands between the first `:` and the last `@` may be the password.
    fileprivate var hidingPasswordOfNoURL: String {
        guard let at = lastIndex(of: "@"), let colon = self[..<at].firstIndex(of: ":") else { return String(self) }
        return String(self[...colon]) + "***" + String(self[at...])
    }

    /// What follows `://`: `user:password@host,user:password@host/path`.
    fileprivate var hidingPasswords: String {
        let parts = split(separator: "@", omittingEmptySubsequences: false)
        var shown = ""
        var isInPassword = false
        for part in parts.dropLast() {
            if !isInPassword {
                let colon = part.colonBeforePassword
                shown += String(part[..<(colon ?? part.endIndex)]) + (colon == nil ? "@" : ":***@")
                isInPassword = colon != nil
            } else if let comma = part.firstIndex(of: ","), let colon = part[comma...].firstIndex(of: ":") {
                shown += String(part[..<colon]) + ":***@"
            }  // else the @ was of the password
        }
        return shown + String(parts[parts.count - 1])
    }

    /// The `:` of `user:password`; nil where there is none, as in `host:80/path` or `/path:x`.
    private var colonBeforePassword: Index? {
        let host = first == "[" ? firstIndex(of: "]") ?? startIndex : startIndex  // an IPv6 address has colons
        guard let colon = self[host...].firstIndex(where: { ":/?#".unicodeScalars.contains($0) }), self[colon] == ":"
        else { return nil }
        let rest = self[colon...].dropFirst()
        let port = rest.prefix { ("0"..."9").contains($0) }
        let isPort = !port.isEmpty && rest.dropFirst(port.count).first.map { "/?#".unicodeScalars.contains($0) } == true
        return isPort ? nil : colon
    }
}

extension Unicode.Scalar {
    fileprivate var isOfAScheme: Bool { properties.isAlphabetic || "0123456789+-._".unicodeScalars.contains(self) }
}
