// SPDX-License-Identifier: Apache-2.0
internal import Daemon
internal import JSONText
package import Logging
package import OpenStack
package import Telemetry

/// Gives samples the names of their projects and users, as Keystone tells them.
package actor IdentityNames {
    private struct Known {
        /// nil where Keystone has none, or could not be asked.
        var name: String?
        var end: MonotonicTime
    }

    private static let lifetime = Duration.seconds(600)
    private static let lifetimeOfFailure = Duration.seconds(60)
    /// More are forgotten all together: nobody has so many users in ten minutes.
    private static let mostKnown = 100_000

    private let session: CloudSession
    private let faults: FaultLog
    private var known: [String: Known] = [:]

    package init(session: CloudSession, log: Logger) {
        self.session = session
        faults = FaultLog(log: log)
    }

    /// The same pollster, whose samples have names.
    package nonisolated func naming(_ registration: PollsterRegistration) -> PollsterRegistration {
        var registration = registration
        let make = registration.make
        registration.make = {
            let pollster = make()
            guard let streaming = pollster as? any StreamingPollster else {
                return NamingPollster(pollster: pollster, names: self)
            }
            return NamingStream(pollster: streaming, names: self)
        }
        return registration
    }

    func named(_ samples: [Sample], in cycle: PollingCycle) async -> [Sample] {
        let projects = Set(samples.filter { $0.projectName == nil }.compactMap(\.projectID))
        let users = Set(samples.filter { $0.userName == nil }.compactMap(\.userID))
        let paths = projects.map { "project \($0)" } + users.map { "user \($0)" }
        let asked = paths.filter { key in known[key].map { $0.end < .now } ?? true }
        if known.count + asked.count > Self.mostKnown { known = [:] }
        let answers = await asked.each(atMost: session.credentials.concurrency, until: { _ in false }) {
            [session] key in (key, await Self.name(key, session, cycle))
        }
        var failure: (any Error)?
        for (key, answer) in answers {
            switch answer {
            case .success(let name): known[key] = Known(name: name, end: .now + Self.lifetime)
            case .failure(let error):
                failure = error
                known[key] = Known(name: nil, end: .now + Self.lifetimeOfFailure)
            }
        }
        if !answers.isEmpty, !Task.isCancelled { faults.note("names of projects and users", failure) }
        return samples.map { sample in
            var sample = sample
            if let id = sample.projectID, sample.projectName == nil {
                sample.projectName = known["project \(id)"]?.name
            }
            if let id = sample.userID, sample.userName == nil { sample.userName = known["user \(id)"]?.name }
            return sample
        }
    }

    /// - Returns: nil where there is nobody of that id, or nobody who has a name.
    private static func name(
        _ key: String, _ session: CloudSession, _ cycle: PollingCycle
    ) async -> Result<String?, any Error> {
        let words = key.split(separator: " ", maxSplits: 1)
        let (kind, id) = (String(words[0]), String(words[1]))
        do {
            let request = ServiceRequest(
                "identity", "v3/\(kind)s/\(id.percentEncoded)", deadline: min(cycle.deadline, .now + .seconds(10)))
            let answer = try await session.answer(to: request).json()
            return .success(try answer[kind]?.optionalText("name"))
        } catch let error as CloudError where error.status == 404 {
            return .success(nil)
        } catch {
            return .failure(error)
        }
    }
}

private struct NamingPollster: Pollster {
    let pollster: any Pollster
    let names: IdentityNames

    func poll(_ resources: [Resource], meters: Set<String>, in cycle: PollingCycle) async throws -> [Sample] {
        do {
            return await names.named(try await pollster.poll(resources, meters: meters, in: cycle), in: cycle)
        } catch var error as PollsterPermanentError {
            error.samples = await names.named(error.samples, in: cycle)
            throw error
        }
    }
}

/// Names what is delivered part by part as it comes.
private struct NamingStream: StreamingPollster {
    let pollster: any StreamingPollster
    let names: IdentityNames

    func poll(
        _ resources: [Resource], meters: Set<String>, in cycle: PollingCycle,
        deliver: @Sendable ([Sample]) async throws -> Void
    ) async throws {
        do {
            try await pollster.poll(resources, meters: meters, in: cycle) { part in
                try await deliver(await names.named(part, in: cycle))
            }
        } catch var error as PollsterPermanentError {
            error.samples = await names.named(error.samples, in: cycle)
            throw error
        }
    }
}
