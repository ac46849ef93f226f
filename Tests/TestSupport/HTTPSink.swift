// SPDX-License-Identifier: Apache-2.0
package import Foundation
import Synchronization

/// A small real HTTP server on a port of 127.0.0.1, which answers as a test wants. Connections are kept open.
package final class HTTPSink: Sendable {
    package struct Request: Sendable {
        package var method: String
        package var path: String
        /// The names in lower case.
        package var headers: [String: String]
        package var body: Data
        /// From 0, in the order they were opened.
        package var connection: Int

        /// The samples of a body that is an array of them.
        package var samples: [[String: Any]] {
            (try? JSONSerialization.jsonObject(with: body)) as? [[String: Any]] ?? []
        }

        package var names: [String] { samples.compactMap { $0["name"] as? String } }
    }

    package struct Answer: Sendable {
        package var status: Int
        package var headers: [String: String]
        package var body: String

        package init(_ status: Int, headers: [String: String] = [:], body: String = "") {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    private struct State {
        var requests: [Request] = []
        var descriptors: Set<Int32> = []
        var connections = 0
        var isStopped = false
    }

    package let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let keeps: Bool
    private let answer: @Sendable (Request) -> Answer?

    /// - Parameters:
    ///   - port: 0 takes any that is free.
    ///   - keeps: false forgets each request once it is answered.
    ///   - answer: may block, as a frozen server does; nil closes the connection without an answer.
    package init(
        port: UInt16 = 0, keeps: Bool = true, answer: @escaping @Sendable (Request) -> Answer? = { _ in Answer(200) }
    ) throws {
        self.answer = answer
        self.keeps = keeps
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var on: Int32 = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        self.port = try LoopbackAddress.bind(listener, port: port)
        guard listen(listener, 16) == 0 else { throw POSIXError(.EIO) }
        Thread.detachNewThread { [self] in acceptAll() }
    }

    /// All that came so far, in their order.
    package var requests: [Request] { state.withLock { $0.requests } }
    package var url: String { "http://127.0.0.1:\(port)" }

    /// Closes the port and all connections.
    package func stop() {
        let descriptors = state.withLock { state in
            defer { state.isStopped = true }
            return state.isStopped ? [] : state.descriptors.union([listener])
        }
        for descriptor in descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func acceptAll() {
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { break }
            let number: Int? = state.withLock { state in
                guard !state.isStopped else { return nil }
                state.descriptors.insert(descriptor)
                state.connections += 1
                return state.connections - 1
            }
            guard let number else { break }
            Thread.detachNewThread { [self] in
                serve(descriptor, number)
                state.withLock { _ = $0.descriptors.remove(descriptor) }
                close(descriptor)
            }
        }
        close(listener)
    }

    private func serve(_ descriptor: Int32, _ number: Int) {
        var buffer = Data()
        while let request = next(descriptor, &buffer, number) {
            if keeps { state.withLock { $0.requests.append(request) } }
            guard let answer = answer(request) else { return }
            var head = "HTTP/1.1 \(answer.status) Some Words\r\nContent-Length: \(answer.body.utf8.count)\r\n"
            for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
            let bytes = Array((head + "\r\n" + answer.body).utf8)
            guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return }
        }
    }

    private func next(_ descriptor: Int32, _ buffer: inout Data, _ number: Int) -> Request? {
        let blank = Data("\r\n\r\n".utf8)
        while true {
            if let end = buffer.range(of: blank) {
                let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
                let pairs = lines.dropFirst().map { line in
                    let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
                    return (parts[0].lowercased(), parts.last?.trimmingCharacters(in: .whitespaces) ?? "")
                }
                let headers = Dictionary(pairs) { first, _ in first }
                let length = headers["content-length"].flatMap { Int($0) } ?? 0
                if buffer.distance(from: end.upperBound, to: buffer.endIndex) >= length {
                    let body = Data(buffer[end.upperBound...].prefix(length))
                    buffer = Data(buffer[end.upperBound...].dropFirst(length))
                    let words = lines[0].split(separator: " ").map(String.init)
                    let path = words.dropFirst().first ?? ""
                    return Request(
                        method: words.first ?? "", path: path, headers: headers, body: body, connection: number)
                }
            }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }

    deinit { stop() }
}
