// SPDX-License-Identifier: Apache-2.0
internal import JSONText

/// Answers the host's calls, each in a task of its own.
struct PluginServer: Sendable {
    private let output: LineOutput
    private let entries: LoadedEntries

    init(_ entryPoints: [EntryPoint], output: LineOutput) {
        self.output = output
        entries = LoadedEntries(entryPoints)
    }

    /// Until there is no further line: then the host is gone or wants the end, and who still works is cancelled.
    @MainActor func serve(_ input: consuming LineInput) async {
        await withDiscardingTaskGroup { group in
            while let line = input.next() {
                group.addTask { await answer(line) }
            }
            group.cancelAll()
        }
    }

    private func answer(_ line: [UInt8]) async {
        let request: RPCRequest
        do throws(RPCError) {
            request = try RPCRequest(line: line)
        } catch {
            return output.put(RPCAnswer.line(nil, .failure(error)))
        }
        let result: Result<[UInt8], RPCError>
        do {
            result = .success(try await self.result(of: request))
        } catch let error as RPCError {
            result = .failure(error)
        } catch let error as WireError {
            result = .failure(RPCError(error))
        } catch let error as PublisherGone {
            result = .failure(RPCError(.gone, "\(error)"))
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
