// SPDX-License-Identifier: Apache-2.0

/// What a server answered, whatever its status.
package struct WebAnswer: Sendable {
    package var status: Int
    /// Names in lower case; one that came several times has its values with commas between them.
    package var headers: [String: String]
    package var body: [UInt8]

    package var isSuccess: Bool { (200..<300).contains(status) }

    /// The body as UTF-8, with what isn't repaired.
    package var text: String { String(decoding: body, as: UTF8.self) }
}
