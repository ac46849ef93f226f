// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import FleetExtensions
internal import HypsometerKit
internal import PluginHost
internal import Settings

/// Lets extensions change what is about to be handed out.
extension ExtensionHost {
    /// Runs the pipelines of the extensions that are enabled on the cluster: extensions in the cluster's order, each one's
    /// pipelines in the order in which it lists them.
    ///
    /// - Parameter nodes: those that the data is of, and whose data no operator replaced.
    /// - Throws: ``FleetProblem`` with the extension where one refuses, fails, or leaves what is no such data.
    func process(_ data: inout DeploymentData, of cluster: FleetCluster, nodes: [FleetNode]) async throws {
        let known = extensions
        var subject: PipelineSubject?
        for name in cluster.extensions {
            guard let entry = known.first(where: { $0.name == name }) else {
                throw FleetProblem(
                    .conflict, "The extension \(name) is enabled on the cluster and not installed.", extensionName: name
                )
            }
            try entry.requireRunning()
            for (index, pipeline) in (entry.declaration?.dataPipelines ?? []).enumerated() {
                let told = subject ?? PipelineSubject(cluster, nodes)
                subject = told
                let changed = try await run(pipeline, index, of: entry, data, told)
                try data.take(changed, from: pipeline, of: name)
            }
        }
    }

    private func run(
        _ pipeline: String, _ index: Int, of entry: LoadedExtension, _ data: DeploymentData, _ subject: PipelineSubject
    ) async throws -> JSONObject {
        let event = "process_\(data.kind.rawValue)"
        do {
            return try await counted(entry) {
                try await entry.plugin.process(
                    data.kind, pipeline: index, data.json, of: subject, within: setup.extensionTimeout)
            }
        } catch let refusal as FleetRefusal {
            throw FleetProblem(
                .refused,
                "The pipeline \(pipeline) of the extension \(entry.name) refuses: \(refusal.description.shortened(to: 1000))",
                extensionName: entry.name, event: event)
        } catch {
            throw FleetProblem(
                .unanswered, "The pipeline \(pipeline) of the extension \(entry.name) fails: \(error)",
                extensionName: entry.name, event: event)
        }
    }
}
