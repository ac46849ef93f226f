// SPDX-License-Identifier: Apache-2.0
package import Logging
package import MessageBus
package import Pipelines

/// All that an operator set of the notification service, read, checked and ready to run.
package struct NotificationSetup: Sendable {
    /// Where notifications come from; nothing of it changes by a reload.
    package struct Sources: Sendable, Hashable {
        package var buses: [BusURL]
        /// As `[oslo_messaging_rabbit]` sets them; a URL may set them otherwise for its bus.
        package var options: BusOptions
        package var queues: [BusQueue]
        package var workers: Int
        package var batchSize: Int
    }

    package var handlers: NotificationHandlers
    package var pipeline: PipelineDefinition
    /// nil where no events are made.
    package var eventPipeline: EventPipelineDefinition?
    package var publishers: [PublisherRegistration]
    package var eventPublishers: [EventPublisherRegistration]
    package var spool: SpoolOptions
    package var needsSpool: Bool
    package var sources: Sources
    package var batchTimeout: Duration
    package var acknowledgesOnEventError: Bool
    package var shutdownTimeout: Duration
    package var logLevel: Logger.Level
    /// Zero for none.
    package var reportInterval: Duration
    /// What an operator should know, a line each.
    package var remarks: [String]
}
