// SPDX-License-Identifier: Apache-2.0

extension WireValue {
    /// Reads the one value that MessagePack bytes hold. Keys must be texts; texts of older senders, which made no
    /// difference between texts and bytes, must be UTF-8.
    package init(messagePack bytes: [UInt8], within limits: WireLimits) throws(WireError) {
        try limits.check(bytes.count)
        var reader = MessagePackReader(bytes: bytes, deepest: limits.depth)
        self = try reader.value(depth: 0)
        try reader.requireEnd()
    }
}

struct MessagePackReader {
    let bytes: [UInt8]
    let deepest: Int
    private var index = 0

    init(bytes: [UInt8], deepest: Int) {
        self.bytes = bytes
        self.deepest = deepest
    }

    private func error(_ found: String, _ allowed: String) -> WireError {
        WireError("byte \(index)", found: found, allowed: allowed)
    }

    func requireEnd() throws(WireError) {
        guard index == bytes.count else {
            throw error("\(bytes.count - index) bytes after the message", "one message")
        }
    }

    private mutating func take(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - index else {
            throw error("the end", "\(count) bytes more")
        }
        defer { index += count }
        return bytes[index..<(index + count)]
    }

    /// Big-endian, of one to eight bytes.
    private mutating func number(_ count: Int) throws(WireError) -> UInt64 {
        try take(count).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func count(_ bytes: Int) throws(WireError) -> Int { Int(try number(bytes)) }

    mutating func value(depth: Int) throws(WireError) -> WireValue {
        let start = index
        let tag = UInt8(try number(1))
        switch tag {
        case 0...0x7F: return .integer(Int128(tag))
        case 0x80...0x8F: return try object(Int(tag & 0xF), depth)
        case 0x90...0x9F: return try array(Int(tag & 0xF), depth)
        case 0xA0...0xBF: return .string(try string(Int(tag & 0x1F)))
        case 0xC0: return .null
        case 0xC2: return .bool(false)
        case 0xC3: return .bool(true)
        case 0xC4, 0xC5, 0xC6: return .binary(Array(try take(try count(1 << Int(tag - 0xC4)))))
        case 0xCA: return .real(try finite(Double(Float(bitPattern: UInt32(try number(4)))), start))
        case 0xCB: return .real(try finite(Double(bitPattern: try number(8)), start))
        case 0xCC, 0xCD, 0xCE, 0xCF: return .integer(Int128(try number(1 << Int(tag - 0xCC))))
        case 0xD0, 0xD1, 0xD2, 0xD3:
            let size = 1 << Int(tag - 0xD0)
            let shift = UInt64(64 - 8 * size)
            return .integer(Int128(Int64(bitPattern: try number(size) << shift) >> Int64(shift)))
        case 0xD9, 0xDA, 0xDB: return .string(try string(try count(1 << Int(tag - 0xD9))))
        case 0xDC, 0xDD: return try array(try count(2 << Int(tag - 0xDC)), depth)
        case 0xDE, 0xDF: return try object(try count(2 << Int(tag - 0xDE)), depth)
        case 0xE0...0xFF: return .integer(Int128(Int8(bitPattern: tag)))
        default:
            index = start
            throw error("type 0x\(String(tag, radix: 16))", "null, booleans, numbers, texts, bytes, lists and maps")
        }
    }

    private func finite(_ real: Double, _ start: Int) throws(WireError) -> Double {
        guard real.isFinite else { throw WireError("byte \(start)", found: "\(real)", allowed: "a finite number") }
        return real
    }

    private mutating func string(_ count: Int) throws(WireError) -> String {
        let start = index
        guard let string = String(validating: try take(count), as: UTF8.self) else {
            index = start
            throw error("a text that is no UTF-8", "UTF-8")
        }
        return string
    }

    /// The count is what the sender claims: nothing is set aside for it.
    private mutating func array(_ count: Int, _ depth: Int) throws(WireError) -> WireValue {
        try enter(depth)
        guard count <= bytes.count - index else { throw error("a list of \(count) in fewer bytes", "what is there") }
        var items: [WireValue] = []
        for _ in 0..<count { items.append(try value(depth: depth + 1)) }
        return .array(items)
    }

    private mutating func object(_ count: Int, _ depth: Int) throws(WireError) -> WireValue {
        try enter(depth)
        guard count <= (bytes.count - index) / 2 else {
            throw error("a map of \(count) in fewer bytes", "what is there")
        }
        var entries = UniqueEntries()
        for _ in 0..<count {
            let start = index
            guard case .string(let key) = try value(depth: depth + 1) else {
                index = start
                throw error("a key that is no text", "texts")
            }
            guard entries.add(key, try value(depth: depth + 1)) else {
                index = start
                throw error("a key that stands twice", "each key once")
            }
        }
        return .object(entries.entries)
    }

    private func enter(_ depth: Int) throws(WireError) {
        guard depth < deepest else {
            throw error("more than \(deepest) lists and maps inside each other", "at most \(deepest)")
        }
    }
}
