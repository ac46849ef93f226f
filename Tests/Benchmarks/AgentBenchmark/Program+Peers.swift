// SPDX-License-Identifier: Apache-2.0

/// What else reads a hypervisor's domains, each as its makers ship it, from a directory that `Tests/Benchmarks/peers` fills:
/// `root/` with Debian's packages unpacked, `venv/` with Ceilometer from PyPI.
extension Program {
    /// Our agent with every meter, each sample to a file: the peers too write what they read.
    static func writingAgent(_ executable: String, uri: String, interval: Int) -> Program {
        Program(
            executable: executable,
            arguments: { directory, _ in
                let files = [
                    "hypsometer.conf": """
                    [DEFAULT]
                    libvirt_uri = \(uri)
                    pipeline_cfg_file = \(directory)/pipeline.yaml
                    [polling]
                    cfg_file = \(directory)/polling.yaml

                    """,
                    "polling.yaml": "sources: [{name: all, interval: \(interval), meters: ['*']}]\n",
                    "pipeline.yaml": """
                    sources: [{name: all, meters: ['*'], sinks: [file]}]
                    sinks: [{name: file, publishers: ['file://\(directory)/samples.jsonl']}]

                    """,
                ]
                try write(files, to: directory)
                return ["--polling-namespaces", "compute", "--config-file", directory + "/hypsometer.conf"]
            },
            firstOutput: "samples.jsonl", interval: interval)
    }

    /// collectd's plug-in virt with all its statistics, values to standard output.
    static func collectd(in peers: String, uri: String, interval: Int) -> Program {
        Program(
            executable: peers + "/root/usr/sbin/collectd",
            arguments: { directory, _ in
                let configuration = """
                    Hostname "host"
                    Interval \(interval)
                    BaseDir "\(directory)"
                    PIDFile "\(directory)/collectd.pid"
                    PluginDir "\(peers)/root/usr/lib/collectd"
                    TypesDB "\(peers)/root/usr/share/collectd/types.db"
                    LoadPlugin virt
                    LoadPlugin csv
                    <Plugin csv>
                      DataDir "stdout"
                    </Plugin>
                    <Plugin virt>
                      Connection "\(uri)"
                      HostnameFormat uuid
                      ExtraStats "cpu_util disk domain_state memory perf vcpu"
                    </Plugin>

                    """
                try write(["collectd.conf": configuration], to: directory)
                return ["-f", "-C", directory + "/collectd.conf"]
            },
            firstOutput: log, mark: "PUTVAL", interval: interval)
    }

    /// Debian's prometheus-libvirt-exporter, which reads when it is asked: curl asks, and isn't measured.
    static func exporter(in peers: String, uri: String, interval: Int) -> Program {
        Program(
            executable: "bash",
            arguments: { directory, _ in
                let script = """
                    # Nobody's child: what asks is not measured.
                    (setsid bash -c 'while sleep \(interval) && kill -0 '$$'; do
                        curl -sf http://127.0.0.1:9177/metrics >>\(directory)/pages
                    done' &)
                    exec \(peers)/root/usr/bin/prometheus-libvirt-exporter --web.listen-address=127.0.0.1:9177 \
                        --libvirt.uri='\(uri)'
                    """
                return ["-c", script]
            },
            firstOutput: "pages", mark: "libvirt_domain", interval: interval)
    }

    /// Ceilometer's own polling agent, whose messages go nowhere (`fake://`).
    ///
    /// - Parameter counts: let it log each sample, to count them.
    static func ceilometer(in peers: String, uri: String, interval: Int, counts: Bool = false) -> Program {
        Program(
            executable: peers + "/venv/bin/ceilometer-polling",
            arguments: { directory, _ in
                let configuration = """
                    [DEFAULT]
                    debug = \(counts)
                    transport_url = fake://
                    instance_discovery_method = libvirt_metadata
                    libvirt_uri = \(uri)
                    [polling]
                    cfg_file = \(directory)/polling.yaml
                    pollsters_definitions_dirs = \(directory)

                    """
                let polling = "sources: [{name: all, interval: \(interval), meters: ['*']}]\n"
                try write(["ceilometer.conf": configuration, "polling.yaml": polling], to: directory)
                return ["--polling-namespaces", "compute", "--config-file", directory + "/ceilometer.conf"]
            },
            firstOutput: log, mark: counts ? " volume: " : "Finished polling pollster cpu in", interval: interval)
    }
}
