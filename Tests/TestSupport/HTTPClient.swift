// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One HTTP/1.1 connection over a plain socket, kept for request after request: what is sent is what the caller says,
/// be it no HTTP at all. All calls block, for a minute at most.
package final class HTTPClient {
    package struct Reply: Sendable {
        package var status: Int
        /// Names in lower case.
        package var headers: [String: String]
        package var body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
        /// The body as JSON; null where it is none.
        package var json: Any { (try? JSONSerialization.jsonObject(with: Data(body))) ?? NSNull() }
        package subscript(_ key: String) -> Any? { (json as? [String: Any])?[key] }
    }

    private let descriptor: Int32
    /// What came and belongs to the next reply.
    private var rest: [UInt8] = []

    /// - Parameter host: an IPv4 address.
    package init(host: String = "127.0.0.1", port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        var minute = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &minute, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &minute, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // It is closed by deinit, which runs once all is set: twice would close what another thread has opened since.
        guard result == 0 else {
            throw ShellError(command: "connect to \(host):\(port)", reason: String(cString: strerror(errno)))
        }
    }

    deinit { close(descriptor) }

    /// Sends a request and waits for its reply.
    package func send(
        _ method: String, _ path: String, headers: [String: String] = [:], body: [UInt8]? = nil
    ) throws -> Reply {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if let body { head += "Content-Length: \(body.count)\r\n" }
        try write(Array((head + "\r\n").utf8))
        if let body { try write(body) }
        return try reply()
    }

    /// Sends bytes as they are.
    package func write(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return Foundation.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw failure("send") }
            sent += count
        }
    }

    /// The next reply; it must tell its length.
    package func reply() throws -> Reply {
        let mark = Array("\r\n\r\n".utf8)
        var end: Int?
        while end == nil {
            end = rest.firstRange(of: mark)?.lowerBound
            if end == nil { try receive() }
        }
        let head = String(decoding: rest[..<(end ?? 0)], as: UTF8.self)
        rest.removeFirst((end ?? 0) + mark.count)
        var lines = head.components(separatedBy: "\r\n")
        let status = Int(lines.removeFirst().split(separator: " ").dropFirst().first ?? "") ?? 0
        var headers: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        let length = Int(headers["content-length"] ?? "0") ?? 0
        while rest.count < length { try receive() }
        let body = Array(rest[..<length])
        rest.removeFirst(length)
        return Reply(status: status, headers: headers, body: body)
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw failure("receive") }
        rest += buffer[..<count]
    }

    private func failure(_ what: String) -> ShellError {
        ShellError(command: what, reason: errno == 0 ? "the server has closed" : String(cString: strerror(errno)))
    }
}
