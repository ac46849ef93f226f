// SPDX-License-Identifier: Apache-2.0
internal import Dispatch

/// Threads for strategies: one may compute for minutes without a pause, and Swift's own threads are as few as the host
/// has processors. Leases are renewed and requests answered on those meanwhile.
final class StrategyThreads: TaskExecutor {
    private let queue = DispatchQueue(label: "strategies", attributes: .concurrent)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
