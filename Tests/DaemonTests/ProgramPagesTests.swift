// SPDX-License-Identifier: Apache-2.0
import Daemon
import Glibc
import TestSupport
import Testing

@Suite struct ProgramPagesTests {
    /// The rest of the tests is what shows that the code is still there.
    @Test func whatOnlyTheStartNeededIsHandedBack() throws {
        let before = try kibibytes("RssFile", of: getpid(), in: "status")
        ProgramPages.handBack()
        #expect(try kibibytes("RssFile", of: getpid(), in: "status") < before)
    }
}
