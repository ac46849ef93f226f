// SPDX-License-Identifier: Apache-2.0

/// Texts that nobody writes by accident.
enum HostileXML {
    /// Elements of nova's metadata, 1 MB each.
    static let fiftyMegabytes = String(
        repeating: "<nova:x>\(String(repeating: "a", count: 1_000_000))</nova:x>\n", count: 50)

    /// The definition of the entity `l9`, which is a billion words when written out.
    ///
    /// - Parameter root: the name of the document's root element.
    static func billionLaughs(in root: String) -> String {
        let levels = (1...9).map { level in
            "<!ENTITY l\(level) \"\(String(repeating: "&l\(level - 1);", count: 10))\">"
        }
        return "<!DOCTYPE \(root) [<!ENTITY l0 \"lol\">\(levels.joined())]>\n"
    }
}
