// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Libvirt

@Suite struct HangingCallsTests {
    private let calls = HangingCalls(mostUnanswered: 2, most: 4)

    @Test func aLibvirtdThatAnswersNothingIsLeftAloneAfterTheFirstFew() {
        _ = calls.add()
        #expect(!calls.areTooMany)
        _ = calls.add()
        #expect(calls.areTooMany)
    }

    /// Each guest whose QEMU hangs keeps one call; the others' figures must still come.
    @Test func guestsThatHangOneAfterTheOtherStopNobody() {
        for _ in 1...3 {
            _ = calls.add()
            calls.noteAnswer()
        }
        #expect(!calls.areTooMany)
        #expect(calls.count == 3)
    }

    @Test func thereIsAnEndToThatToo() {
        for _ in 1...4 {
            _ = calls.add()
            calls.noteAnswer()
        }
        #expect(calls.areTooMany)
    }

    @Test func aCallThatReturnsMakesRoom() {
        let first = calls.add()
        _ = calls.add()
        calls.remove(first)
        #expect(!calls.areTooMany)
        #expect(calls.count == 1)
    }
}
