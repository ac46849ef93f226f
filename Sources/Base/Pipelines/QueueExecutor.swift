// SPDX-License-Identifier: Apache-2.0
internal import Dispatch

/// Runs an actor on a thread of its own, so that a write that blocks (a full pipe, a slow disk) blocks nobody else.
package final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    package init(label: String) { queue = DispatchQueue(label: label) }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
