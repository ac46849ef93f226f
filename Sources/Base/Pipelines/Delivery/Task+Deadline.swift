// SPDX-License-Identifier: Apache-2.0
internal import Telemetry

extension Task<Void, Never> {
    /// Returns when the task has ended, or at the deadline; the task then goes on by itself.
    func ended(by deadline: MonotonicTime) async {
        let wakeup = Wakeup()
        let limit = Task {
            try? await Task<Never, Never>.sleep(for: .seconds(max(0, deadline.seconds(since: .now))))
            wakeup.now()
        }
        Task<Void, Never> {
            await self.value
            wakeup.now()
        }
        await wakeup.wait()
        limit.cancel()
    }
}
