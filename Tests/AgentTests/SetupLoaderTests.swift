// SPDX-License-Identifier: Apache-2.0
import Agent
import Logging
import Pipelines
import Settings
import TestSupport
import Testing

@Suite struct SetupLoaderTests {
    private let polling = "sources:\n- {name: a, interval: 60, meters: [cpu]}\n"
    private let pipeline = "sources: [{name: a, meters: ['*'], sinks: [s]}]\nsinks: [{name: s, publishers: [stdout]}]\n"

    @Test func anEmptyConfigurationPollsEverythingEvery300SecondsToStandardOutput() throws {
        let setup = try Operator(["a.conf": ""]).load()
        #expect(setup.plan.groups.map(\.interval) == [300])
        #expect(setup.plan.meters == ["cpu", "cpu_util", "volume.size"])
        #expect(setup.pipeline.sinks.flatMap(\.publishers).map(\.scheme) == ["stdout"])
        #expect(setup.remarks == ["no polling.yaml: every meter is polled, every 300 seconds"])
        #expect(setup.sampleSource == "openstack" && setup.jitter == 10 && setup.shutdownTimeout == .seconds(60))
        #expect(setup.logLevel == .info && setup.generation == 7)
    }

    @Test func theYAMLFilesAreFoundBesideTheConfiguration() throws {
        let files = try Operator(["a.conf": "", "polling.yaml": polling, "pipeline.yaml": pipeline])
        let setup = try files.load()
        #expect(setup.plan.groups.map(\.interval) == [60])
        #expect(setup.pipeline.sources.map(\.name) == ["a"])
        #expect(setup.remarks == [])
    }

    @Test func aRelativeNameIsLookedForBesideTheLastFileFirst() throws {
        let files = try Operator([
            "a.conf": "[polling]\ncfg_file = p.yaml\n", "p.yaml": polling, "late/b.conf": "",
            "late/p.yaml": polling.replacing("60", with: "10"),
        ])
        let setup = try files.load { $0.configFiles.append(files.directory("late/b.conf")) }
        #expect(setup.plan.groups.map(\.interval) == [10])
    }

    @Test func anAbsoluteNameIsTakenAsItIs() throws {
        let files = try Operator(["a.conf": "", "elsewhere/p.yaml": polling])
        let setup = try files.load(environment: ["OS_POLLING__CFG_FILE": files.directory("elsewhere/p.yaml")])
        #expect(setup.plan.groups.map(\.interval) == [60])
    }

    @Test func aYAMLFileMayBeInTheSystemsDirectory() throws {
        let files = try Operator(["a.conf": "", "etc/polling.yaml": polling])
        #expect(try files.load().plan.groups.map(\.interval) == [60])
    }

    @Test func withoutNamedFilesTheSystemsAreRead() throws {
        let files = try Operator([
            "etc/hypsometer.conf": "sample_source = main\n[polling]\njitter = 1\n",
            "etc/hypsometer.conf.d/10.conf": "sample_source = more\n", "etc/polling.yaml": polling,
        ])
        let setup = try files.load { $0.configFiles = [] }
        #expect(setup.sampleSource == "more" && setup.jitter == 1)
        #expect(setup.plan.groups.map(\.interval) == [60])
    }

    @Test func withoutAnyFileTheDefaultsHold() throws {
        #expect(try Operator([:]).load { $0.configFiles = [] }.plan.groups.map(\.interval) == [300])
    }

    @Test func filesOfADirectoryComeAfterThoseNamedInTheirOrder() throws {
        let files = try Operator([
            "a.conf": "sample_source = file\n", "d/10.conf": "sample_source = ten\n",
            "d/20.conf": "sample_source = twenty\n",
            "d/30.conf.bak": "nonsense\n",
        ])
        let setup = try files.load { $0.configDirectories = [files.directory("d")] }
        #expect(setup.sampleSource == "twenty")
    }

    @Test func theEnvironmentWinsOverFiles() throws {
        let files = try Operator(["a.conf": "sample_source = file\n"])
        #expect(try files.load(environment: ["OS_DEFAULT__SAMPLE_SOURCE": "env"]).sampleSource == "env")
    }

    @Test func theCommandLineWinsOverTheEnvironment() throws {
        let files = try Operator(["a.conf": "polling_namespaces = ipmi\n"])
        let environment = ["OS_DEFAULT__POLLING_NAMESPACES": "compute", "OS_DEFAULT__DEBUG": "false"]
        let setup = try files.load(environment: environment) {
            $0.namespaces = ["central"]
            $0.debug = true
        }
        #expect(setup.plan.meters == ["volume.size"])
        #expect(setup.logLevel == .debug)
    }

    @Test func pollsterListChoosesAmongTheMetersOfTheSources() throws {
        let files = try Operator(["a.conf": ""])
        #expect(
            try files.load { $0.pollsterList = ["cpu*", "*.size"] }.plan.meters == [
                "cpu", "cpu_util", "volume.size",
            ])
        #expect(try files.load { $0.pollsterList = ["cpu"] }.plan.meters == ["cpu"])
    }

    @Test func anEmptyBackendURLGoesWithPollsterList() throws {
        let files = try Operator(["a.conf": "[coordination]\nbackend_url =\n"])
        #expect(try files.load { $0.pollsterList = ["cpu"] }.plan.meters == ["cpu"])
    }

    @Test func optionsOfCeilometersAreRemarkedWithTheirPlace() throws {
        let files = try Operator([
            "a.conf": "[DEFAULT]\ntransport_url = rabbit://u:hunter2@mq\n[polling]\nbatch_size = 50\n[cache]\nx = y\n",
            "polling.yaml": "sources:\n- {name: a, interval: 60, meters: [cpu, memory.usage]}\n",
        ])
        let remarks = try files.load().remarks.map { $0.replacing(files.directory.path + "/", with: "") }
        #expect(
            remarks == [
                "polling.yaml:2: no pollster here offers memory.usage; it is left out",
                "a.conf:2: [DEFAULT] transport_url is an option of Ceilometer's and has no effect here",
                "a.conf:4: [polling] batch_size is an option of Ceilometer's and has no effect here",
                "a.conf:6: [cache] x is an option of Ceilometer's and has no effect here",
            ])
    }

    @Test func everySettingIsListedTheAgentsFirst() throws {
        let names = try Operator([:]).loader().settings.map(\.name)
        #expect(names.first == "debug" && names.last == "libvirt_uri")
    }
}
