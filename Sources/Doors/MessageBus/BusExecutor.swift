// SPDX-License-Identifier: Apache-2.0
internal import Dispatch

/// Runs an actor on a thread of its own: rabbitmq-c blocks.
final class BusExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
