// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import MessageBus

@Suite struct DeliveryBoxTests {
    /// Its bell is a pipe, and a process may have no descriptors left when a consumer starts.
    @Test func withoutDescriptorsItsThreadLooksAgainAndAgain() async {
        await #expect(processExitsWith: .success) {
            var none = rlimit(rlim_cur: 3, rlim_max: 3)
            setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &none)
            if dup(0) >= 0 { exit(2) }
            let box = DeliveryBox()
            box.begin(1)
            box.wait(for: .seconds(3600))  // or this never ends
            box.stop(patience: .zero)
            exit(box.isEnding ? EXIT_SUCCESS : EXIT_FAILURE)
        }
    }
}
