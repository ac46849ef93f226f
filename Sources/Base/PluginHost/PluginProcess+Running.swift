// SPDX-License-Identifier: Apache-2.0
internal import Glibc
internal import HypsometerKit
internal import JSONText
internal import Logging
internal import Synchronization
internal import Telemetry

/// What a plug-in's thread does.
extension PluginProcess {
    /// Starts the program, again and again where it ends, until nobody wants it any more.
    func run() {
        var restarts = Restarts(policy)
        var isTelling = true
        while true {
            let began = MonotonicTime.now
            guard let reason = runProgram() else { break }
            let error = PluginError(name, reason)
            guard firstAnswer != nil else {
                note(.init(state: .failed, reason: reason))
                _ = calls.fail(error, refusal: error)
                settleStart(.failure(error))
                return
            }
            let worked = Duration.seconds(MonotonicTime.now.seconds(since: began))
            let pause: Duration
            let failed: Int
            switch restarts.failed(after: worked) {
            case .backoff(let time):
                pause = time
                let refusal = PluginError(name, "\(reason); it is started again in \(time.inSeconds)")
                note(.init(state: .restarting, reason: reason))
                failed = calls.fail(error, refusal: time == .zero ? nil : refusal)
            case .quarantine(let time):
                pause = time
                let words = "\(reason); after \(restarts.failures) failures it is left alone for \(time.inSeconds)"
                note(.init(state: .quarantined, reason: words))
                failed = calls.fail(error, refusal: PluginError(name, "is in quarantine: it \(words)"))
                log.error("plug-in \(name) \(words)")
            }
            // Who called says it; where nobody did, we do, once until it has worked for long.
            if restarts.failures == 1 { isTelling = true }
            if failed == 0, isTelling, restarts.failures < policy.mostFailures {
                log.error("plug-in \(name) \(reason); it is started again")
                isTelling = false
            }
            guard wait(for: pause) else { break }
        }
        let error = PluginError(name, "was stopped")
        _ = calls.fail(error, refusal: error)
        settleStart(.failure(error))
        if currentCondition.state != .disabled { note(.init(state: .stopped)) }
    }

    /// - Returns: false where the end was asked for.
    private func wait(for pause: Duration) -> Bool {
        let end = MonotonicTime.now + pause
        while !isStopping {
            let left = end.seconds(since: .now)
            if left <= 0 { return true }
            var descriptors = [pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)]
            poll(&descriptors, 1, Int32(min(left * 1000 + 1, 3_600_000)))
            wake.clear()
        }
        return false
    }

    /// One life of the program.
    ///
    /// - Returns: why it ended; nil where the end was asked for.
    private func runProgram() -> String? {
        if isStopping { return nil }
        let child: ChildProgram
        do throws(SystemError) {
            child = try ChildProgram(path)
        } catch {
            return "could not be started: \(error)"
        }
        var errors = ErrorOutput(plugin: name, log: log)
        let start = StartCall()
        calls.open(input: child.input)
        var parameters: [UInt8] = []
        parameters.appendJSON(self.start.parameters)
        _ = calls.submit(calls.newID(), PluginProtocol.Method.start.rawValue, parameters, within: nil, start.take)
        let ending = listen(to: child, &errors, start)
        calls.closeInput()
        // Its last words, such as what a script says of its own error.
        for _ in 0..<4 {
            if errors.isExhausted || !errors.read(from: child.error) { break }
        }
        errors.finish()
        child.end()
        return ending
    }

    private func listen(to child: ChildProgram, _ errors: inout ErrorOutput, _ start: StartCall) -> String? {
        var output = LineBuffer()
        var hasErrors = true
        while true {
            if isStopping { return leaveTime(to: child, output) }
            let now = MonotonicTime.now
            if let overdue = calls.overdue(now: now) { return overdue }
            calls.giveUp(now: now, plugin: name)
            let (milliseconds, isWriting) = calls.plan(now: now)
            // A flood on standard error is read slowly: the rest of it would be left out anyway.
            let isThrottled = hasErrors && errors.isExhausted
            var descriptors = [
                pollfd(fd: child.output, events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: hasErrors && !isThrottled ? child.error : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isWriting ? child.input : -1, events: Int16(POLLOUT), revents: 0),
            ]
            let ready = poll(
                &descriptors, nfds_t(descriptors.count), isThrottled ? min(milliseconds, 50) : milliseconds)
            if descriptors[1].revents != 0 { wake.clear() }
            if isThrottled || descriptors[2].revents != 0 { hasErrors = errors.read(from: child.error) }
            if descriptors[3].revents != 0 { calls.write() }
            guard ready > 0, descriptors[0].revents != 0 else { continue }
            let fill = output.fill(from: child.output)
            while let line = output.next() {
                if let flaw = take(line) { return flaw }
                if let flaw = start.takeUp(by: self) { return flaw }
            }
            if output.count > PluginProtocol.longestAnswer {
                return "sent a line of over \(PluginProtocol.longestAnswer >> 20) MiB"
            }
            if fill == .end { return ending(of: child, isInALine: output.count > 0) }
        }
    }

    /// - Returns: what is wrong with it.
    private func take(_ line: [UInt8]) -> String? {
        let answer: RPCAnswer
        do throws(WireError) {
            let value = try WireValue(json: line, within: WireLimits(bytes: PluginProtocol.longestAnswer))
            if let hostCalls, value["method"] != nil { return hostCalls.take(value, of: self) }
            answer = try RPCAnswer(value)
        } catch {
            return "sent a line that is no answer: \(error)"
        }
        guard let id = answer.id else {
            if case .failure(let error) = answer.result { return "could not read a call: \(error)" }
            return "sent an answer without the number of its call"
        }
        return calls.answer(id, answer.result) ? nil : "answered a call that nobody made, \(id)"
    }

    private func ending(of child: ChildProgram, isInALine: Bool) -> String {
        var ending: String?
        for _ in 0..<100 {
            ending = child.ending()
            if ending != nil { break }
            usleep(5000)
        }
        return (ending ?? "closed its standard output") + (isInALine ? " in the middle of a line" : "")
    }

    /// The end was asked for: its input is closed, and it may finish what it does.
    private func leaveTime(to child: ChildProgram, _ begun: LineBuffer) -> String? {
        calls.closeInput()
        child.closeInput()
        let end = MonotonicTime.now + Self.grace
        var output = begun
        while child.ending() == nil, end > .now {
            var descriptors = [pollfd(fd: child.output, events: Int16(POLLIN), revents: 0)]
            poll(&descriptors, 1, 20)
            if descriptors[0].revents & Int16(POLLIN) != 0 {
                _ = output.fill(from: child.output)
                while let line = output.next() { _ = take(line) }
                if output.count > PluginProtocol.longestAnswer { break }
            } else if descriptors[0].revents != 0 {
                usleep(5000)
            }
        }
        return nil
    }
}
