// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import Settings

/// Puts new configurations in force, one after the other: an operator's signal and a fleet's wish may come at one time.
actor Reloads {
    private var loader: SetupLoader
    private let state: AgentState
    private var last: Task<Void, Never>?

    init(_ loader: SetupLoader, _ state: AgentState) {
        self.loader = loader
        self.state = state
    }

    /// - Parameter deployed: what a fleet service wants from now on; nil where that stays.
    /// - Throws: what is wrong; all stays as it was.
    func reload(with deployed: DeployedConfiguration? = nil) async throws(Mistakes) {
        let before = last
        let task = Task { () -> Result<Void, Mistakes> in
            await before?.value
            do throws(Mistakes) {
                try await self.perform(deployed)
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        last = Task { _ = await task.value }
        try await task.value.get()
    }

    private func perform(_ deployed: DeployedConfiguration?) async throws(Mistakes) {
        var wanted = loader
        if let deployed { wanted.deployed = deployed }
        let setup = try await offPool { [wanted] () throws(Mistakes) in try wanted.load() }
        try await state.take(setup)
        loader = wanted
    }
}
