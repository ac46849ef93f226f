// SPDX-License-Identifier: Apache-2.0
import Daemon
import Glibc
import TestSupport
import Testing

@Suite struct ProgramPagesTests {
    /// The rest of the tests is what shows that the code is still there.
    /// Other tests may take them back before we look.
    @Test func whatOnlyTheStartNeededIsHandedBack() throws {
        let isLess = try (1...10).contains { _ in
            let before = try kibibytes("RssFile", of: getpid(), in: "status")
            ProgramPages.handBack()
            return try kibibytes("RssFile", of: getpid(), in: "status") < before
        }
        #expect(isLess)
    }
}
