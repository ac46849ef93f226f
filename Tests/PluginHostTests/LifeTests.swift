// SPDX-License-Identifier: Apache-2.0
import Foundation
import HypsometerKit
import PluginHost
import TestSupport
import Testing

/// Plug-ins that end, come back, are replaced, and what they get of us.
@Suite(.timeLimit(.minutes(2))) struct LifeTests {
    private func poll(_ loaded: LoadedPlugins) async throws -> [Sample] {
        try await #require(loaded.pollsters.first).make().poll([], meters: ["host.load"], in: .test(.seconds(60)))
    }

    private let pid = "answer({'samples': [{'name': 'host.load', 'volume': os.getpid(), 'resource_id': 'a'}]})"

    @Test func whoIsKilledInACallIsThereForTheNext() async throws {
        let bench = try Bench()
        try bench.install("load", Script.polling("if not os.path.exists(sys.argv[0] + '.on'): time.sleep(60)\n" + pid))
        let loaded = try await bench.load()
        let first = Task { try await poll(loaded) }
        var left: [String] = []
        while left.isEmpty { left = try bench.left }
        try await Task.sleep(for: .milliseconds(300))  // until it is asleep in the call, most likely
        kill(try #require(left.first.flatMap { Int32($0) }), SIGKILL)
        await #expect(throws: PluginError("load", "was killed by signal 9")) { try await first.value }
        try bench.directory.write("", to: "load.on")
        #expect(try await poll(loaded).count == 1)
        #expect(bench.errors == [])
    }

    @Test func whoDiesInEveryCallIsLeftAlone() async throws {
        var policy = RestartPolicy()
        policy.mostFailures = 2
        let bench = try Bench(policy)
        try bench.install("load", Script.polling("os._exit(7)"))
        let loaded = try await bench.load()
        for _ in 0..<2 {
            await #expect(throws: PluginError("load", "ended with status 7")) { try await poll(loaded) }
        }
        let quarantine = "ended with status 7; after 2 failures it is left alone for 600 s"
        await #expect(throws: PluginError("load", "is in quarantine: it \(quarantine)")) { try await poll(loaded) }
        // The plug-in's own thread says it, and notes it.
        while bench.errors.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        #expect(bench.errors == ["error: plug-in load \(quarantine)"])
        let note = "\"state\":\"quarantined\",\"reason\":\"\(quarantine)\""
        while try !bench.directory.text("plugins-test.json").contains(note) {
            try await Task.sleep(for: .milliseconds(10))
        }
        try await bench.stop()
        #expect(try bench.left == [])
    }

    @Test func quarantineEnds() async throws {
        var policy = RestartPolicy()
        policy.mostFailures = 1
        policy.firstQuarantine = .milliseconds(100)
        let bench = try Bench(policy)
        try bench.install("load", Script.polling("if not os.path.exists(sys.argv[0] + '.on'): os._exit(7)\n" + pid))
        let loaded = try await bench.load()
        await #expect(throws: PluginError("load", "ended with status 7")) { try await poll(loaded) }
        try bench.directory.write("", to: "load.on")
        while (try? await poll(loaded)) == nil { try await Task.sleep(for: .milliseconds(50)) }
        let note = "\"state\":\"running\",\"reason\":\"\""
        while try !bench.directory.text("plugins-test.json").contains(note) {
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    @Test func whoDiesBetweenCallsIsStartedAgainAndTheLogSaysSoOnce() async throws {
        let bench = try Bench()
        try bench.install("load", Script.polling(pid))
        let loaded = try await bench.load()
        let before = try await poll(loaded)[0].volume
        kill(Int32(before.doubleValue), SIGKILL)
        while bench.errors.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        var after = before
        while after == before { after = (try? await poll(loaded))?.first?.volume ?? before }
        #expect(bench.errors == ["error: plug-in load was killed by signal 9; it is started again"])
    }

    @Test func itGetsNothingOfOursButWhatItIsToldOnItsInput() async throws {
        let bench = try Bench()
        let known: Set = ["HYPSOMETER_PLUGIN", "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR"]
        // Our own has others, where a cloud's password may be among them.
        try #require(!known.isSuperset(of: ProcessInfo.processInfo.environment.keys))
        let file = open("/etc/hostname", O_RDONLY)  // inherited by whoever doesn't look out
        defer { close(file) }
        let look = """
            import stat
            told = open(sys.argv[0] + '.told', 'w')
            told.write(json.dumps({'environment': sorted(os.environ), 'arguments': sys.argv, 'folder': os.getcwd(),
                'descriptors': sorted(int(d) for d in os.listdir('/proc/self/fd'))[:-1],
                'group': os.getpgrp() == os.getpid()}))
            told.close()
            """
        try bench.install("load", Script.polling(pid, before: look))
        _ = try await bench.load()
        let told = try bench.directory.text("load.told")
        let object = try JSONSerialization.jsonObject(with: Data(told.utf8)) as? [String: Any]
        let names = try #require(object?["environment"] as? [String])
        #expect(known.isSuperset(of: names) && names.contains("HYPSOMETER_PLUGIN"), "\(names)")
        #expect(told.contains("\"arguments\": [\"\(bench.directory("load"))\"]"))
        #expect(told.contains("\"folder\": \"/\"") && told.contains("\"group\": true"))
        // The last is its own, to look with; the one before it the file it writes.
        #expect(told.contains("\"descriptors\": [0, 1, 2, 3]"))
    }

    @Test func aReloadLeavesAloneWhatIsTheSameAndStartsAnewWhatIsNot() async throws {
        let bench = try Bench()
        try bench.install("load", Script.polling(pid))
        let first = try await bench.load("[ceilometer.poll.compute.load]\na = 1\n")
        let before = try await poll(first)[0].volume
        let same = try await bench.load("[ceilometer.poll.compute.load]\na = 1\n")
        #expect(try await poll(same)[0].volume == before && same.generation == first.generation)
        let other = try await bench.load("[ceilometer.poll.compute.load]\na = 2\n")
        #expect(try await poll(other)[0].volume != before && other.generation != first.generation)
        // Who still holds what was there before gets the new one.
        #expect(try await poll(first)[0].volume != before)
        while try bench.left.count > 1 { try await Task.sleep(for: .milliseconds(20)) }
    }

    @Test func oneThatCannotBeLoadedMakesNoReloadAChange() async throws {
        let bench = try Bench()
        try bench.install("load", Script.polling(pid))
        try bench.install("bad", "#!/bin/sh\nexit 4\n", entries: "[ceilometer.poll.compute]\nbad = Bad\n")
        let first = try await bench.load()
        #expect(try await bench.load().generation == first.generation)
        try bench.install("bad", Script.good, entries: "[ceilometer.poll.compute]\nbad = Bad\n")
        let mended = try await bench.load()
        #expect(mended.generation != first.generation && mended.pollsters.map(\.name) == ["bad", "load"])
    }

    @Test func whatWasRemovedIsGoneAfterAReload() async throws {
        let bench = try Bench()
        try bench.install("load", Script.polling(pid))
        let loaded = try await bench.load()
        #expect(loaded.sections == ["ceilometer.poll.compute.load"])
        try FileManager.default.removeItem(atPath: bench.directory("load.entry_points"))
        let none = try await bench.load()
        #expect(none.pollsters.isEmpty && none.sections.isEmpty && !none.hasGaps)
        await #expect(throws: PluginError("load", "is not loaded")) { try await poll(loaded) }
        while try !bench.left.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
    }

    @Test func aCallThatNobodyWaitsForAnyMoreHurtsNobody() async throws {
        let bench = try Bench()
        try bench.install("load", Script.polling("time.sleep(0.5)\n" + pid))
        let loaded = try await bench.load()
        let call = Task { try await poll(loaded) }
        try await Task.sleep(for: .milliseconds(50))
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        #expect(try await poll(loaded).count == 1)
        #expect(bench.errors == [])
    }

    @Test func everyCallEndsWhoeverIsKilledOrCancelled() async throws {
        let bench = try Bench()
        try bench.install("load", Script.polling(pid))
        let loaded = try await bench.load()
        let (well, badly) = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let call = Task { try await poll(loaded) }
                    if number.isMultiple(of: 7) { call.cancel() }
                    guard let samples = try? await call.value else { return false }
                    if number.isMultiple(of: 60) { kill(Int32(samples[0].volume.doubleValue), SIGKILL) }
                    return true
                }
            }
            return await group.reduce(into: (0, 0)) { $1 ? ($0.0 += 1) : ($0.1 += 1) }
        }
        #expect(well + badly == 300 && badly >= 1)
        while (try? await poll(loaded)) == nil { try await Task.sleep(for: .milliseconds(50)) }
        try await bench.stop()
        #expect(try bench.left == [])
    }

    @Test func theStateFileTellsHowEachIs() async throws {
        let bench = try Bench()
        try bench.install("load", Script.polling(pid))
        try bench.install("bad", "#!/bin/sh\nexit 4\n", entries: "[ceilometer.poll.compute]\nbad = Bad\n")
        _ = try await bench.load()
        let file = try StateFile(json: Array(try bench.directory.text("plugins-test.json").utf8))
        #expect(file.service == "test" && file.isCurrent && file.pid == Int(getpid()))
        #expect(file.plugins.map(\.name) == ["bad", "load"])
        #expect(file.plugins.map(\.state) == ["failed", "running"])
        #expect(file.plugins.map(\.reason) == ["ended with status 4", ""])
        #expect(file.plugins[1].entryPoints == ["ceilometer.poll.compute load"])
    }
}
