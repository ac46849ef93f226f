// SPDX-License-Identifier: Apache-2.0
internal import FleetExtensions
internal import JSONText
internal import Telemetry

/// Answers the host's calls, each in a task of its own.
struct PluginServer: Sendable {
    private let output: LineOutput
    private let entries: LoadedEntries
    private let host: HostConnection

    init(_ entryPoints: [EntryPoint], output: LineOutput) {
        self.output = output
        host = HostConnection(output)
        entries = LoadedEntries(entryPoints, host: host)
    }

    /// Until there is no further line: then the host is gone or wants the end, and who still works is cancelled.
    @MainActor func serve(_ input: consuming LineInput) async {
        await withDiscardingTaskGroup { group in
            while let line = input.next() {
                group.addTask { await take(line) }
            }
            host.end()
            group.cancelAll()
        }
    }

    /// A call of the host's, or its answer to one of ours.
    private func take(_ line: [UInt8]) async {
        let request: RPCRequest
        do {
            let value = try WireValue(json: line, within: WireLimits(bytes: PluginProtocol.longestRequest))
            if host.takes(value) { return }
            request = try RPCRequest(value)
        } catch let error as RPCError {
            return output.put(RPCAnswer.line(nil, .failure(error)))
        } catch {
            return output.put(RPCAnswer.line(nil, .failure(RPCError(.parse, "\(error)"))))
        }
        await answer(request)
    }

    private func answer(_ request: RPCRequest) async {
        let result: Result<[UInt8], RPCError>
        do {
            result = .success(try await self.result(of: request))
        } catch let error as RPCError {
            result = .failure(error)
        } catch let error as WireError {
            result = .failure(RPCError(error))
        } catch let error as PublisherGone {
            result = .failure(RPCError(.gone, "\(error)"))
        } catch let error as FleetRefusal {
            result = .failure(RPCError(.refused, "\(error)"))
        } catch {
            result = .failure(RPCError(.failed, "\(error)"))
        }
        output.put(RPCAnswer.line(request.id, result))
    }

    private func result(of request: RPCRequest) async throws -> [UInt8] {
        let parameters = request.parameters
        switch PluginProtocol.Method(rawValue: request.method) {
        case .start?:
            return Self.text(try entries.start(try StartMessage(parameters)).result)
        case .poll?:
            return try await poll(try PollMessage(parameters))
        case .discover?:
            let discovery = try entries.discovery(try parameters.text("name"))
            let resources = try await discovery.discover(
                try parameters.optionalText("parameter"), in: try CycleMessage.cycle(parameters))
            var bytes: [UInt8] = []
            bytes.append("{\"resources\":")
            bytes.appendJSON(list: resources) { $1.appendMessage(to: &$0) }
            bytes.append("}")
            return bytes
        case .checkPublisher?:
            _ = try entries.publisher(try PublisherTarget(parameters))
            return Self.text(.object([]))
        case .publish?:
            let publisher = try entries.publisher(try PublisherTarget(parameters))
            try await publisher.publish(try parameters.list("samples") { item throws(WireError) in try Sample(item) })
            return Self.text(.object([]))
        case .process?:
            let plugin = try entries.notifications(try parameters.text("name"))
            let notification = try NotificationMessage(message: parameters["notification"] ?? .null)
            return SamplesMessage(notification: notification).text(try await plugin.process(notification))
        case .execute?, .queries?, .plan?, .score?, .info?:
            return Self.text(try await entries.decide(request.method, parameters))
        case .extensionCheck?, .extensionEvent?, .deploymentCheck?, .extensionCall?, .handleRequest?:
            return Self.text(try await entries.answer(request))
        case .processDeployment?, .processProvisioning?:
            return try await entries.process(request)
        case nil:
            throw RPCError(.unknownMethod, "no method \(WireValue.string(request.method).shown)")
        }
    }

    private func poll(_ message: PollMessage) async throws -> [UInt8] {
        let (pollster, meters) = try entries.pollster(message.namespace, message.name, instance: message.instance)
        let answer = SamplesMessage(meters: meters, resources: message.resources, cycle: message.cycle)
        do {
            return answer.text(try await pollster.poll(message.resources, meters: message.meters, in: message.cycle))
        } catch let error as PollsterPermanentError {
            let samples = try WireValue(json: answer.text(error.samples), within: WireLimits(bytes: .max))
            throw RPCError(
                .permanent, error.description,
                data: .object([
                    "resources": .texts(error.resourceIDs.sorted()), "samples": samples["samples"],
                ]))
        }
    }

    private static func text(_ value: WireValue) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendJSON(value)
        return bytes
    }
}
