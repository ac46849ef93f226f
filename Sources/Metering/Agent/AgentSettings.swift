// SPDX-License-Identifier: Apache-2.0
internal import Pipelines
package import Settings

/// The agent's own settings.
package enum AgentSettings {
    package static let debug = Setting("debug", in: "DEFAULT", default: false, help: "Log every cycle and read.")

    package static let reportInterval = Setting(
        "report_interval", in: "DEFAULT", default: 600, 0...86_400,
        help: "Seconds between lines in the log that tell what the agent did so far: cycles and their time, samples, "
            + "drops by reason, the hypervisor's connections. 0: only at the end.")

    package static let pollingNamespaces = Setting(
        "polling_namespaces", in: "DEFAULT", default: ["compute", "central"],
        help: "Which pollsters run: compute on compute hosts, central on management nodes, ipmi where the sensors are.")

    package static let sampleSource = Setting(
        "sample_source", in: "DEFAULT", default: "openstack", help: "What samples say their source is.")

    package static let pipelineFile = Setting(
        "pipeline_cfg_file", in: "DEFAULT", default: "pipeline.yaml",
        help: "Which samples go to which publishers, in Ceilometer's grammar. A relative path is looked for beside the "
            + "configuration files, then in /etc/hypsometer. Without the file samples go to standard output.",
        allowed: "a path", check: { !$0.isEmpty })

    package static let shutdownTimeout = Setting(
        "graceful_shutdown_timeout", in: "DEFAULT", default: 60, 1...3600,
        help: "Seconds that the agent takes at most to finish a cycle and to deliver what waits when it is told to end."
    )

    package static let pollingFile = Setting(
        "cfg_file", in: "polling", default: "polling.yaml",
        help: "What is polled how often, in Ceilometer's grammar. A relative path is looked for beside the "
            + "configuration files, then in /etc/hypsometer. Without the file everything is polled every 300 seconds.",
        allowed: "a path", check: { !$0.isEmpty })

    package static let jitter = Setting(
        "jitter", in: "polling", default: 10, 0...100,
        help: "Percent of its interval by which each rhythm is shifted after its first cycle, a random part of it for "
            + "each start of an agent, so that a fleet that starts together does not poll together.")

    package static let publishing = Setting(
        "enable_notifications", in: "polling", default: true,
        help: "Whether samples go through the pipeline to publishers. false where Prometheus fetches them and nobody "
            + "else wants any.")

    package static let pollstersAtOnce = Setting(
        "threads_to_process_pollsters", in: "polling", default: 0, 0...1000,
        help: "How many pollsters of a source are at work at a time; 1: one after the other, in any order. 0: all, so "
            + "that one that waits holds up no other. (Ceilometer's own default is 1.)")

    package static let oldPollstersAtOnce = Setting(
        "threads_to_process_pollsters", in: "DEFAULT", default: 0, 0...1000,
        help: "As [polling] threads_to_process_pollsters, which wins: Ceilometer reads it here, too.")

    package static let coordinationBackend = Setting(
        "backend_url", in: "coordination", default: "",
        help: "Where the agents of a group agree on who polls what: etcd3+http://host:2379 or etcd3+https://…, several "
            + "hosts with commas between. Empty: this agent polls all there is. Taken up at a start, not at a reload.",
        allowed: "etcd3+http://host:2379, etcd3+https://…, or nothing",
        check: { $0.isEmpty || $0.hasPrefix("etcd3") })

    package static let heartbeatDirectory = Setting(
        "heartbeat_socket_dir", in: "polling", default: "",
        help: "A directory for a socket that tells whoever connects when each meter was polled last, as Ceilometer's "
            + "does. Empty: none.", allowed: "an absolute path, or nothing", check: { $0.isEmpty || $0.hasPrefix("/") })

    package static let all: [AnySetting] = [
        AnySetting(debug), AnySetting(reportInterval), AnySetting(pollingNamespaces), AnySetting(sampleSource),
        AnySetting(pipelineFile),
        AnySetting(shutdownTimeout), AnySetting(pollingFile), AnySetting(jitter), AnySetting(publishing),
        AnySetting(pollstersAtOnce), AnySetting(oldPollstersAtOnce), AnySetting(heartbeatDirectory),
        AnySetting(coordinationBackend),
    ]

    /// The namespaces there are.
    package static let namespaces = AgentConfiguration.knownNamespaces
}
