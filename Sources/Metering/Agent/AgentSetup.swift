// SPDX-License-Identifier: Apache-2.0
package import Logging
package import Pipelines

/// All that an operator set, read, checked and ready to run.
package struct AgentSetup: Sendable {
    package var plan: PollingPlan
    package var pipeline: PipelineDefinition
    /// nil where no publisher needs one.
    package var spool: SpoolOptions?
    package var plugins: Plugins
    /// Of the plug-ins; see ``PluginSource``.
    package var generation: Int
    package var sampleSource: String
    /// Pollsters of a source at work at a time; 0: all.
    package var pollstersAtOnce = 0
    /// Percent.
    package var jitter: Int
    package var shutdownTimeout: Duration
    package var logLevel: Logger.Level
    /// Zero for none.
    package var reportInterval: Duration
    /// What an operator should know, a line each.
    package var remarks: [String]
    /// What of it a fleet service wants; nil for nothing.
    package var origin: String?
}
