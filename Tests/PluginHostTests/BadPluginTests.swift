// SPDX-License-Identifier: Apache-2.0
import Foundation
import PluginHost
import Telemetry
import TestSupport
import Testing

/// Plug-ins that are broken or hostile: a line each, the host unharmed, nothing left running. Real processes all.
@Suite(.timeLimit(.minutes(2))) struct BadPluginTests {
    private let bench: Bench

    init() throws { bench = try Bench() }

    /// Polls the one pollster, with a plug-in beside it that is well.
    private func poll(
        _ script: String, timeout: Duration = .seconds(60), cycle: Duration = .seconds(60)
    ) async throws -> (samples: [Sample], error: String) {
        try bench.install("bad", script)
        try bench.install("good", Script.good, entries: "[ceilometer.poll.compute]\ngood = Good\n")
        let loaded = try await bench.load(timeout: timeout)
        var result: (samples: [Sample], error: String) = ([], "")
        do {
            let bad = try #require(loaded.pollsters.first { $0.name == "load" }).make()
            result.samples = try await bad.poll([], meters: ["host.load"], in: .test(cycle))
        } catch let error as PluginError {
            result.error = "\(error)"
        }
        let good = try #require(loaded.pollsters.first { $0.name == "good" }).make()
        let samples = try await good.poll([], meters: ["host.load"], in: .test(.seconds(60)))
        #expect(samples.map(\.volume) == [.real(0.5)])
        try await bench.stop()
        try #expect(bench.left == [])
        return result
    }

    @Test func garbageEndsIt() async throws {
        let result = try await poll(Script.polling("say('Hello!\\n')\ntime.sleep(60)"))
        #expect(result.error == "plug-in bad sent a line that is no answer: byte 0: H; allowed: a JSON value")
        #expect(bench.errors == [])
    }

    @Test func anAnswerToNobodyEndsIt() async throws {
        let result = try await poll(Script.polling("c['id'] = 4711\nanswer({'samples': []})\ntime.sleep(60)"))
        #expect(result.error == "plug-in bad answered a call that nobody made, 4711")
    }

    @Test func aFloodOfAnswersEndsIt() async throws {
        let result = try await poll(Script.polling("while True: answer({'samples': []})"))
        // The first was what was asked for.
        #expect(result.error == "" && result.samples == [])
        #expect(bench.errors.count <= 2)
    }

    @Test func halfALineIsTold() async throws {
        let result = try await poll(Script.polling("say('{\"jsonrpc\":')\nos._exit(3)"))
        #expect(result.error == "plug-in bad ended with status 3 in the middle of a line")
    }

    @Test func aGigabyteInALineIsNotHeld() async throws {
        let before = try kibibytes("VmHWM", of: getpid(), in: "status")
        let result = try await poll(
            Script.polling("chunk = 'x' * (1 << 20)\nfor _ in range(1024): say(chunk)\nsay('\\n')"))
        #expect(result.error == "plug-in bad sent a line of over 16 MiB")
        #expect(try kibibytes("VmHWM", of: getpid(), in: "status") - before < 500_000, "other tests have some, too")
    }

    @Test func whoHangsIsKilled() async throws {
        let result = try await poll(Script.polling("time.sleep(3600)"), timeout: .seconds(5))
        #expect(result.error == "plug-in bad did not answer poll within 5 s")
    }

    @Test func whoIgnoresItsEndIsKilled() async throws {
        let script = Script.polling(
            "answer({'samples': []})\nwhile True: time.sleep(1)",
            before: "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
        let result = try await poll(script)
        #expect(result.error == "")
    }

    @Test func whoReadsNothingHoldsNobodyUp() async throws {
        try bench.install("bad", Script.polling("os.kill(os.getpid(), signal.SIGSTOP)"))
        let loaded = try await bench.load(timeout: .seconds(60))
        let pollster = try #require(loaded.pollsters.first).make()
        let many = (0..<5000).map {
            Resource(id: "vm-\($0)", metadata: ["text": .string(String(repeating: "x", count: 800))])
        }
        for _ in 0..<2 {
            await #expect(throws: PluginError("bad", "did not answer poll in the time that its caller had")) {
                try await pollster.poll(many, meters: ["host.load"], in: .test(.milliseconds(300)))
            }
        }
        try await bench.stop()
        try #expect(bench.left == [])
    }

    @Test func aLineSaysHowItDied() async throws {
        let result = try await poll(Script.polling("os.kill(os.getpid(), signal.SIGSEGV)"))
        #expect(result.error == "plug-in bad was killed by signal 11")
        #expect(bench.errors == [])
    }

    @Test func childrenOfItsChildrenEndWithIt() async throws {
        let script = Script.polling(
            "answer({'samples': []})",
            before: """
                subprocess.Popen(["/bin/sh", "-c", "setsid sleep 3600 & sleep 3600", sys.argv[0]])
                subprocess.Popen(["setsid", "/bin/sh", "-c", "trap '' TERM HUP; sleep 3600; true", sys.argv[0]])
                """)
        let result = try await poll(script)
        #expect(result.error == "")
    }

    @Test func whatIsNoSampleCostsThatAnswerAlone() async throws {
        let result = try await poll(
            Script.polling("answer({'samples': [{'name': 'host.laod', 'volume': 1, 'resource_id': 'a'}]})"))
        #expect(
            result.error
                == "plug-in bad answered what can't be used: samples[0].name: \"host.laod\"; allowed: a meter that it offers"
        )
    }

    @Test func tooManySamplesAreRefused() async throws {
        let result = try await poll(
            Script.polling("answer({'samples': [1] * 100001})"))
        #expect(
            result.error == "plug-in bad answered what can't be used: samples: 100001 of them; allowed: at most 100000")
    }

    @Test func aFloodOnStandardErrorIsCountedAndLeftOut() async throws {
        let result = try await poll(
            Script.polling(
                "answer({'samples': []})", before: "for n in range(20000): print('tick', n, file=sys.stderr)"))
        #expect(result.error == "")
        let told = bench.log.lines.filter { $0.hasPrefix("info: plug-in bad: tick") }
        #expect((20...40).contains(told.count))
        #expect(bench.log.lines.contains { $0.hasSuffix("further lines of its own are left out") })
    }

    @Test func controlCharactersDoNotReachTheLog() async throws {
        _ = try await poll(
            Script.polling("answer({'samples': []})", before: "print('a\\x1b[2Jb\\u202ec', file=sys.stderr)"))
        #expect(bench.log.lines.contains { $0.contains("a\\u{1B}[2Jb") })
    }
}

extension PollingCycle {
    /// One that has so long.
    static func test(_ time: Duration) -> PollingCycle {
        PollingCycle(number: 1, timestamp: Timestamp(microseconds: 0), deadline: .now + time, meters: ["host.load"])
    }
}
