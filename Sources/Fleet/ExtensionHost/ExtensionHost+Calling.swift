// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import HypsometerKit
internal import PluginHost

/// What extensions are asked by the names of the calls that they provide.
extension ExtensionHost {
    /// Asks the first one that provides the call: of those that are named on the node itself, then of those that are
    /// enabled on its cluster, in their orders. Those that aren't installed are passed over.
    ///
    /// - Parameter origin: the extension that calls; it isn't asked, so that it may ask the next of its kind.
    /// - Returns: the answer, and whose it is.
    /// - Throws: ``FleetProblem``: there is no such node, none provides it, or the one that does refuses or fails.
    func call(
        _ name: String, ofNode id: Int, _ arguments: [JSONValue], origin: String? = nil
    ) async throws -> (value: JSONValue, extensionName: String) {
        let (node, cluster) = try await inventory.read { database in
            let node = try NodeRows.find(id, database)
            return (node, try node.cluster.map { try ClusterRows.find($0, database) })
        }
        let candidates = node.extensions + (cluster?.extensions ?? [])
        let known = extensions
        let provider = candidates.lazy.filter { $0 != origin }
            .compactMap { candidate in known.first { $0.name == candidate } }
            .first { $0.declaration?.provides.contains(name) == true }
        guard let provider else {
            throw FleetProblem(.notFound, "Cannot find extension which provides '\(name)' call")
        }
        try provider.requireRunning()
        do {
            let value = try await counted(provider) {
                try await provider.plugin.answer(
                    ExtensionCall(name, node: node, arguments: arguments), within: setup.extensionTimeout)
            }
            return (value, provider.name)
        } catch let refusal as FleetRefusal {
            throw FleetProblem(
                .refused, "The extension \(provider.name) refuses the call \(name): \(refusal)",
                extensionName: provider.name)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw FleetProblem(
                .unanswered, "The extension \(provider.name) failed to answer the call \(name): \(error)",
                extensionName: provider.name)
        }
    }
}
