// SPDX-License-Identifier: Apache-2.0
package import ClusterModel

/// Builds the compute model of a fleet that no cloud manages, from libvirt's hypervisors and their domains.
package struct LibvirtCollector: ClusterDataModelCollector, NotificationSource {
    /// No hypervisor answered.
    struct NobodyAnswers: Error, CustomStringConvertible {
        var description: String
    }

    private let hosts: [HostReader]
    private let pingInterval: Duration
    private let onSkip: @Sendable (String) -> Void

    /// - Parameters:
    ///   - uris: libvirt's addresses of the hypervisors.
    ///   - pingInterval: how often each is asked whether it is there: what breaks a connection ends its events too.
    ///   - onSkip: is told of hypervisors and domains that could not be read; the others make the model.
    package init(
        uris: [String], timeout: Duration = .seconds(30), pingInterval: Duration = .seconds(5),
        onSkip: @escaping @Sendable (String) -> Void
    ) {
        hosts = uris.map { HostReader(uri: $0, timeout: timeout) }
        self.pingInterval = pingInterval
        self.onSkip = onSkip
    }

    package func execute() async throws -> any Model {
        var model = ModelRoot()
        var failures: [String] = []
        for result in await readAll() {
            switch result {
            case .success(let reading):
                reading.skipped.forEach(onSkip)
                model.add(reading.picture)
            case .failure(let error): failures.append("\(error)")
            }
        }
        try Task.checkCancellation()
        if let first = failures.first, failures.count == hosts.count {
            throw NobodyAnswers(description: "no hypervisor answers: \(first)")
        }
        failures.forEach(onSkip)
        return model
    }

    package var notificationEndpoints: [any NotificationEndpoint] {
        [LibvirtNotificationEndpoint(hosts: hosts, onSkip: onSkip)]
    }

    /// In the order of the hosts, a few at a time: each has a thread of its own while it is read.
    private func readAll() async -> [Result<HostReader.Reading, any Error>] {
        typealias Answer = (place: Int, result: Result<HostReader.Reading, any Error>)
        return await withTaskGroup(of: Answer.self) { group in
            var results: [Int: Result<HostReader.Reading, any Error>] = [:]
            for (place, host) in hosts.enumerated() {
                if place >= 8, let answer = await group.next() { results[answer.place] = answer.result }
                group.addTask { (place, await host.result()) }
            }
            for await answer in group { results[answer.place] = answer.result }
            return hosts.indices.compactMap { results[$0] }
        }
    }

    // MARK: NotificationSource

    package func listen(_ hear: @escaping @Sendable (Notification) -> Void) async {
        for host in hosts { host.hear { hear(LibvirtNotificationEndpoint.notification(of: $0, from: host.name)) } }
        await withDiscardingTaskGroup { group in
            for host in hosts { group.addTask { await watch(host, hear) } }
        }
        for host in hosts { host.hear(nil) }
    }

    private func watch(_ host: HostReader, _ hear: @Sendable (Notification) -> Void) async {
        var isLost = false
        while !Task.isCancelled {
            do {
                try await host.ping()
                if isLost { hear(LibvirtNotificationEndpoint.notification("found", host: host.name)) }
                isLost = false
            } catch {
                guard !Task.isCancelled else { return }
                if !isLost { hear(LibvirtNotificationEndpoint.notification("lost", host: host.name)) }
                isLost = true
            }
            try? await Task.sleep(for: pingInterval)  // cancellation is what the loop looks for
        }
    }
}

extension ModelRoot {
    /// Adds a host with its instances. One that runs elsewhere already, as while it is moved, stays there unless it
    /// is active here.
    mutating func add(_ picture: HostPicture) {
        let node = add(picture.node)
        for instance in picture.instances {
            if let known = findInstance(uuid: instance.uuid), let other = nodeID(of: known), other != node,
                instance.state != .active
            {
                continue
            }
            map(add(instance), to: node)
        }
    }
}
