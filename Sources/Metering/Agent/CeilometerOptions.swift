// SPDX-License-Identifier: Apache-2.0
package import Settings

extension ForeignOptions {
    /// The options of Ceilometer (its 6.0 and 26.0) that have no effect here, and the sections of the libraries it
    /// is built on; and the sections that hypsometer reads for audits, as Watcher does.
    package static let ceilometer = ForeignOptions(
        [
            "DEFAULT": [
                "batch_polled_samples", "batch_size", "cfg_file", "control_exchange", "enable_notifications",
                "enable_prometheus_exporter", "event_pipeline_cfg_file", "executor_thread_pool_size",
                "heartbeat_socket_dir", "http_timeout", "identity_name_discovery", "ignore_disabled_projects",
                "instance_format", "log_config_append", "log_date_format", "log_dir", "log_file", "log_options",
                "log_rotation_type", "max_logfile_count", "max_logfile_size_mb",
                "pipeline_polling_interval",
                "prometheus_listen_addresses", "prometheus_tls_certfile", "prometheus_tls_enable",
                "prometheus_tls_keyfile", "publish_errors", "rate_limit_burst", "rate_limit_interval",
                "refresh_event_pipeline_cfg", "refresh_pipeline_cfg", "reseller_prefix", "reserved_metadata_keys",
                "reserved_metadata_length", "reserved_metadata_namespace", "rootwrap_config", "rpc_response_timeout",
                "shuffle_time_before_polling_task", "syslog_log_facility", "tenant_name_discovery",
                "transport_url", "use_journal", "use_json", "use_stderr",
                "use_syslog", "watch_log_file", "default_log_levels", "fatal_deprecations", "verbose",
                "meter_dispatchers", "event_dispatchers",
            ],
            "polling": [
                "batch_size", "tenant_name_discovery",
            ],
            "compute": [
                "fetch_extra_metadata", "instance_discovery_method", "report_stopped_instance_metrics",
                "resource_cache_expiry", "resource_update_interval", "workload_partitioning",
            ],
            "coordination": ["check_watchers", "max_retry_interval", "retry_backoff"],
            "publisher": ["metering_secret"],
            "service_credentials": ["auth_section", "collect_timing", "split_loggers"],
            "publisher_notifier": ["event_topic", "metering_topic", "telemetry_driver"],
            "notification": [
                "ack_on_event_error", "batch_size", "batch_timeout", "disable_non_metric_meters", "messaging_urls",
                "notification_control_exchanges", "pipeline_processing_queues", "pipelines", "store_events",
                "workers", "workload_partitioning",
            ],
            "event": ["definitions_cfg_file", "drop_unmatched_notifications", "store_raw"],
            "meter": ["meter_definitions_dirs", "meter_definitions_cfg_file"],
            "ipmi": ["node_manager_init_retry", "polling_retry"],
        ],
        wholeSections: [
            "audit", "cache", "collector", "compute_model", "cors", "database", "dispatcher_file", "dispatcher_gnocchi",
            "dispatcher_http",
            "fleet",
            "gnocchi", "hardware", "healthcheck", "keystone_authtoken", "matchmaker_redis", "monasca",
            "oslo_concurrency", "oslo_messaging_amqp", "oslo_messaging_kafka", "oslo_messaging_notifications",
            "oslo_messaging_rabbit", "oslo_messaging_zmq", "oslo_middleware", "oslo_policy", "oslo_reports", "profiler",
            "service_types", "vmware", "xenapi", "zaqar",
        ], wholePrefixes: plugins + ["watcher"])

    /// What the names of sections begin with that are a plug-in's.
    static let plugins = ["ceilometer.", "nailgun.extensions."]
}
