// SPDX-License-Identifier: Apache-2.0
package import Settings

/// The settings of the notification service, by Ceilometer's names where it has them.
package enum NotificationSettings {
    static let debug = Setting("debug", in: "DEFAULT", default: false, help: "Log every batch of notifications.")

    static let reportInterval = Setting(
        "report_interval", in: "DEFAULT", default: 600, 0...86_400,
        help:
            "Seconds between lines in the log that tell what the service did so far: notifications, samples, drops by "
            + "reason. 0: only at the end.")

    static let sampleSource = Setting(
        "sample_source", in: "DEFAULT", default: "openstack", help: "What samples say their source is.")

    static let pipelineFile = Setting(
        "pipeline_cfg_file", in: "DEFAULT", default: "pipeline.yaml",
        help: "Which samples go to which publishers, in Ceilometer's grammar. A relative path is looked for beside the "
            + "configuration files, then in /etc/hypsometer. Without the file samples go to standard output.",
        allowed: "a path", check: { !$0.isEmpty })

    static let eventPipelineFile = Setting(
        "event_pipeline_cfg_file", in: "DEFAULT", default: "event_pipeline.yaml",
        help:
            "Which events go to which publishers, in Ceilometer's grammar; looked for as pipeline_cfg_file is. Without "
            + "the file no events are made.", allowed: "a path", check: { !$0.isEmpty })

    static let shutdownTimeout = Setting(
        "graceful_shutdown_timeout", in: "DEFAULT", default: 60, 1...3600,
        help: "Seconds that the service takes at most to finish its batch and to deliver what waits when it is told to "
            + "end.")

    static let transportURL = Setting(
        "transport_url", in: "DEFAULT", default: "",
        help: "The message bus where [notification] messaging_urls names none, such as "
            + "rabbit://user:password@host:5672/vhost. Several hosts of one cluster stand with commas between them.",
        isSecret: true)

    static let messagingURLs = Setting(
        "messaging_urls", in: "notification", default: "",
        help: "The message buses to listen to, with white space between them, each as transport_url. Empty: that one.",
        isSecret: true)

    static let messagingURLsFile = Setting(
        "messaging_urls_file", in: "notification", default: "",
        help: "A file with those buses, such as a systemd credential. Empty: messaging_urls holds.",
        allowed: "a path, or nothing")

    static let exchanges = Setting(
        "notification_control_exchanges", in: "notification",
        default: [
            "nova", "glance", "neutron", "cinder", "heat", "keystone", "trove", "zaqar", "swift", "ceilometer",
            "magnum", "dns", "ironic", "aodh", "openstack",
        ],
        help: "The exchanges that services announce on; a service without a control_exchange of its own uses openstack."
    )

    static let topics = Setting(
        "topics", in: "oslo_messaging_notifications", default: ["notifications"],
        help: "What the queues are called, before the priority: notifications; for nova's versioned notifications also "
            + "versioned_notifications. Nova with notification_format = both announces each thing on both.")

    static let priorities = Setting(
        "priorities", in: "notification", default: ["audit", "debug", "info", "warn", "error", "critical", "sample"],
        help: "The priorities whose queues are emptied. Samples are made of info and sample, events of info and error; "
            + "the rest is taken and forgotten, as nobody else would.")

    static let pipelines = Setting(
        "pipelines", in: "notification", default: ["meter", "event"],
        help: "What is made of notifications: meter for samples, event for events.")

    static let workers = Setting(
        "workers", in: "notification", default: 1, 1...64,
        help: "Connections to each bus, whose notifications are dealt with side by side.")

    static let batchSize = Setting(
        "batch_size", in: "notification", default: 100, 1...10_000,
        help: "Notifications that are dealt with, stored and acknowledged together, at most; as many are fetched ahead."
    )

    static let batchTimeout = Setting(
        "batch_timeout", in: "notification", default: 1, 0...60,
        help:
            "Seconds to wait for more after a batch that was not full. 0: each notification is dealt with as it comes.")

    static let acknowledgesOnEventError = Setting(
        "ack_on_event_error", in: "notification", default: true,
        help:
            "Whether a notification is done with whose event could not be published; else it is held, and no other is "
            + "fetched beyond what is fetched ahead, until the event is out.")

    static let spoolDirectory = Setting(
        "spool_directory", in: "notification", default: "/var/lib/hypsometer/notification",
        help:
            "The directory of this service's spool.db, where samples for other hosts are until these have them, and of "
            + "dead-notifications.jsonl, which has the notifications that nothing could be made of. An agent on the same "
            + "host has its own.", allowed: "an absolute path", check: { $0.hasPrefix("/") })

    static let meterDirectories = Setting(
        "meter_definitions_dirs", in: "meter", default: ["meters.d"],
        help: "Directories whose *.yaml files define meters; of two of one name the first holds. Relative paths are "
            + "looked for beside the configuration files, then in /etc/hypsometer.")

    static let eventDefinitions = Setting(
        "definitions_cfg_file", in: "event", default: "event_definitions.yaml",
        help: "Which notifications become events with which traits, in Ceilometer's grammar; looked for as "
            + "pipeline_cfg_file is. Without the file each becomes one with the standard traits.",
        allowed: "a path", check: { !$0.isEmpty })

    static let dropsUnmatched = Setting(
        "drop_unmatched_notifications", in: "event", default: false,
        help: "Whether notifications that no definition is about give no event at all.")

    static let storeRaw = Setting(
        "store_raw", in: "event", default: [],
        help: "The priorities, info or error, whose events keep the whole notification.")

    package static let all: [AnySetting] =
        [
            AnySetting(debug), AnySetting(reportInterval), AnySetting(sampleSource), AnySetting(pipelineFile),
            AnySetting(eventPipelineFile), AnySetting(shutdownTimeout), AnySetting(transportURL),
        ] + ReservedMetadata.settings + [
            AnySetting(messagingURLs), AnySetting(messagingURLsFile), AnySetting(exchanges), AnySetting(priorities),
            AnySetting(pipelines), AnySetting(workers), AnySetting(batchSize), AnySetting(batchTimeout),
            AnySetting(acknowledgesOnEventError), AnySetting(spoolDirectory), AnySetting(topics),
            AnySetting(meterDirectories), AnySetting(eventDefinitions), AnySetting(dropsUnmatched),
            AnySetting(storeRaw),
        ]

    /// What the same files may hold for other programs, ours and Ceilometer's; and Ceilometer's options that have no
    /// effect here.
    package static let foreign = ForeignOptions(
        [
            "notification": [
                "disable_non_metric_meters", "pipeline_processing_queues", "store_events", "workload_partitioning",
            ],
            "meter": ["meter_definitions_cfg_file"],
            "oslo_messaging_notifications": ["driver", "retry", "transport_url"],
        ],
        wholeSections: [
            "DEFAULT", "api", "audit", "cache", "collector", "compute", "compute_model", "coordination", "cors",
            "database",
            "dispatcher_file",
            "dispatcher_gnocchi", "dispatcher_http", "gnocchi", "hardware", "healthcheck", "ipmi",
            "keystone_authtoken", "matchmaker_redis", "monasca", "oslo_concurrency", "oslo_messaging_amqp",
            "oslo_messaging_kafka", "oslo_messaging_rabbit", "oslo_messaging_zmq", "oslo_middleware", "oslo_policy",
            "oslo_reports", "polling", "profiler", "publisher", "publisher_notifier", "rgw_admin_credentials",
            "fleet_agent", "rgw_client", "service_credentials", "service_types", "vmware", "xenapi", "zaqar",
        ], wholePrefixes: ["ceilometer.", "nailgun.", "watcher"])
}
