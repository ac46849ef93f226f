// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The program under test.
enum Binary {
    /// The build folder, which the test bundle stands in too.
    static let agent = Bundle.main.bundleURL.appending(path: "hypsometer-polling")
}
