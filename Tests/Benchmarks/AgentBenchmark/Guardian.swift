// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport

/// Ends the program under measurement when somebody interrupts us; it has a process group of its own, and would run on.
final class Guardian {
    private final class Ward: Sendable {
        let child = Mutex<ChildProcess?>(nil)
    }

    private let ward = Ward()
    private let sources: [any DispatchSourceSignal]

    init(_ scratch: Scratch) {
        sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for source in sources {
            source.setEventHandler { [ward] in
                ward.child.withLock { $0?.signal(SIGKILL) }
                scratch.remove()
                exit(130)  // and the lab goes with us
            }
            source.activate()
        }
    }

    deinit { for source in sources { source.cancel() } }

    func watch(_ child: ChildProcess) { ward.child.withLock { $0 = child } }
}
