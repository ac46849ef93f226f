// SPDX-License-Identifier: Apache-2.0
internal import CLibvirt
internal import Glibc
internal import Telemetry

extension Connection {
    /// What the host does and holds: calls that ask no guest.
    func hostUse() throws(LibvirtError) -> HostUse {
        let times = try figures("processors", of: virNodeCPUStats()) { figures, count in
            virNodeGetCPUStats(pointer, Int32(VIR_NODE_CPU_STATS_ALL_CPUS.rawValue), figures, count, 0)
        } figure: {
            (Self.text($0.field), $0.value)
        }
        let memory = try figures("memory", of: virNodeMemoryStats()) { figures, count in
            virNodeGetMemoryStats(pointer, Int32(VIR_NODE_MEMORY_STATS_ALL_CELLS.rawValue), figures, count, 0)
        } figure: {
            (Self.text($0.field), $0.value)
        }
        return HostUse(
            cpu: times.flatMap(HostUse.CPUTimes.init), memory: memory.flatMap(HostUse.Memory.init), readAt: .now)
    }

    /// A list of named figures: how many there are is asked first.
    ///
    /// - Returns: nil where the driver has none.
    private func figures<Part>(
        _ what: String, of empty: Part, _ call: (UnsafeMutablePointer<Part>?, UnsafeMutablePointer<Int32>) -> Int32,
        figure: (Part) -> (name: String, value: UInt64)
    ) throws(LibvirtError) -> [String: UInt64]? {
        var count: Int32 = 0
        var parts: [Part] = []
        var status = call(nil, &count)
        if status == 0, count > 0 {
            parts = Array(repeating: empty, count: Int(count))
            status = call(&parts, &count)
        }
        guard status == 0 else {
            let error = LibvirtError.last("ask \(name) for its host's \(what)")
            if error.isUnsupported { return nil }
            throw error
        }
        return Dictionary(parts.prefix(Int(count)).map { figure($0) }) { first, _ in first }
    }

    /// Of an array of characters, which Swift has as a tuple: up to its zero.
    private static func text<Characters>(_ characters: Characters) -> String {
        withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension HostUse.CPUTimes {
    fileprivate init?(_ figures: [String: UInt64]) {
        guard let user = figures[VIR_NODE_CPU_STATS_USER], let kernel = figures[VIR_NODE_CPU_STATS_KERNEL],
            let idle = figures[VIR_NODE_CPU_STATS_IDLE]
        else { return nil }
        self.init(busy: user &+ kernel, waiting: figures[VIR_NODE_CPU_STATS_IOWAIT] ?? 0, idle: idle)
    }
}

extension HostUse.Memory {
    fileprivate init?(_ figures: [String: UInt64]) {
        guard let total = figures[VIR_NODE_MEMORY_STATS_TOTAL], let free = figures[VIR_NODE_MEMORY_STATS_FREE] else {
            return nil
        }
        let givenUp = (figures[VIR_NODE_MEMORY_STATS_BUFFERS] ?? 0) &+ (figures[VIR_NODE_MEMORY_STATS_CACHED] ?? 0)
        self.init(total: total, free: min(total, free &+ givenUp))
    }
}
