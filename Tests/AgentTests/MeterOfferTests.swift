// SPDX-License-Identifier: Apache-2.0
import Settings
import Telemetry
import Testing

@testable import Agent

@Suite struct MeterOfferTests {
    private let pollsters: [PollsterRegistration] = [
        .of("cpu", ["cpu", "cpu_util"]),
        .of("disk", ["disk.device.read.bytes", "disk.device.write.bytes"]),
        .of("volume", ["volume.size"], namespaces: ["central"]),
        .of("both", ["image.size"], namespaces: ["central", "compute"]),
    ]

    private func offer(_ namespaces: [String], _ patterns: [String] = []) throws -> [String: [String]] {
        let offer = try MeterOffer(
            pollsters, namespaces: namespaces, patterns: patterns, place: .init("a.conf", line: 3))
        return Dictionary(uniqueKeysWithValues: offer.meters.map { ($0.pollster.name, $0.meters) })
    }

    private func mistakes(_ namespaces: [String], _ patterns: [String] = []) throws -> [String] {
        do {
            return try offer(namespaces, patterns).keys.sorted()
        } catch let mistakes as Mistakes {
            return mistakes.all.map(\.description)
        }
    }

    @Test(
        arguments: [
            (["compute"], ["both", "cpu", "disk"]), (["central"], ["both", "volume"]),
            (["compute", "central"], ["both", "cpu", "disk", "volume"]),
            (["compute", "compute"], ["both", "cpu", "disk"]),
            (["ipmi", "central"], ["both", "volume"]),
        ] as [([String], [String])])
    func theNamespacesChooseThePollsters(namespaces: [String], names: [String]) throws {
        #expect(try offer(namespaces).keys.sorted() == names)
    }

    @Test func patternsChooseAmongTheMetersOfTheNamespaces() throws {
        #expect(try offer(["compute"], ["cpu"]) == ["cpu": ["cpu"]])
        #expect(
            try offer(["compute"], ["cpu*", "*.read.*"])
                == ["cpu": ["cpu", "cpu_util"], "disk": ["disk.device.read.bytes"]])
        #expect(try offer(["compute", "central"], ["*.size"]) == ["volume": ["volume.size"], "both": ["image.size"]])
    }

    @Test func aPatternOfAnotherNamespaceTakesNothing() throws {
        #expect(
            try mistakes(["central"], ["cpu"]).first?.hasPrefix("command line: --pollster-list: unknown name") == true)
    }

    @Test func patternsAreOfMetersNotOfPollsters() throws {
        #expect(
            try mistakes(["compute"], ["cpu", "disk"]) == [
                "command line: --pollster-list: unknown name \"disk\"; allowed: one of cpu, cpu_util, "
                    + "disk.device.read.bytes, disk.device.write.bytes, image.size; "
                    + "did you mean disk.device.read.bytes or disk.device.write.bytes?"
            ])
    }

    @Test(arguments: [[], ["cpu"]]) func namespacesWithoutAnyPollsterAreToldSo(patterns: [String]) throws {
        #expect(
            try mistakes(["ipmi"], patterns) == [
                "a.conf:3: polling namespaces: no pollster in ipmi; "
                    + "allowed: a namespace that has pollsters (see --list-pollsters)"
            ])
    }

    @Test func aNamespaceThatIsNotKnownIsToldWithTheNearest() throws {
        #expect(
            try mistakes(["compute", "centrl"]) == [
                "a.conf:3: polling namespaces: unknown name \"centrl\"; allowed: one of central, compute, ipmi; "
                    + "did you mean central?"
            ])
    }

    @Test func noNamespaceIsAMistake() throws {
        #expect(
            try mistakes([]) == ["a.conf:3: polling namespaces: none; allowed: one or more of central, compute, ipmi"])
    }

    @Test func everyPatternThatTakesNothingIsTold() throws {
        #expect(try mistakes(["compute"], ["cpux", "cpu", "diskx"]).count == 2)
    }

    @Test(
        arguments: [
            ("local_instances", "local_instances", nil), ("endpoint:compute", "endpoint", "compute"),
            ("snmp://host:161/x", "snmp", "host:161/x"), ("a:", "a", ""), ("a:b:c", "a", "b:c"),
        ] as [(String, String, String?)])
    func aDiscoveryIsANameAndAParameter(text: String, name: String, parameter: String?) {
        #expect(DiscoveryName(text).name == name)
        #expect(DiscoveryName(text).parameter == parameter)
    }
}
