// SPDX-License-Identifier: Apache-2.0

/// What extensions may be called.
public enum ExtensionName {
    public static let allowed = "lower-case letters, digits and single _ between them, a letter first, at most 64"

    public static func isValid(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard name.utf8.count <= 64, let first = name.utf8.first,
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return false }
        return parts.allSatisfy { part in !part.isEmpty && part.allSatisfy(\.isLowerCaseOrDigit) }
    }

    /// The doubled `_` keeps the tables of `volume` apart from those of `volume_manager`; `ext_` from the service's own.
    public static func tablePrefix(_ name: String) -> String { "ext_\(name)__" }
}

extension UInt8 {
    fileprivate var isLowerCaseOrDigit: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
    }
}
