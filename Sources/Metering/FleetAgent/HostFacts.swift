// SPDX-License-Identifier: Apache-2.0
internal import ClusterModel
internal import Digests
internal import Glibc
internal import Settings

/// What there is to say of this host, as the kernel has it under `/sys` and `/proc`.
struct HostFacts: Sendable, Hashable {
    var meta: JSONObject
    /// Of the first interface; nil where there is none.
    var mac: String?

    var checksum: String { SHA224.hex(JSONValue.object(meta).json) }

    /// Blocks.
    ///
    /// - Parameter mac: what this host is to be known by, whatever its interfaces have: those of hosts that were cloned
    ///   may be the same. nil for the first interface's.
    static func read(knownBy mac: String?) -> HostFacts {
        let interfaces = names("/sys/class/net").filter { $0 != "lo" }.compactMap { name -> (String, String)? in
            guard let address = line("/sys/class/net/\(name)/address"), address.utf8.count == 17,
                address != "00:00:00:00:00:00"
            else { return nil }
            return (name, address)
        }
        // Bridges and taps come and go with guests; what has a device behind it stays.
        let physical = interfaces.filter { TextFile.exists("/sys/class/net/\($0.0)/device") }
        let disks = names("/sys/block").filter { TextFile.exists("/sys/block/\($0)/device") }.map { name -> JSONValue in
            let sectors = line("/sys/block/\(name)/size").flatMap { Int($0) } ?? 0
            return ["name": .string(name), "size": .integer(sectors * 512)]
        }
        let known = physical.isEmpty ? interfaces : physical
        let shown = mac.map { mac in known.filter { $0.1 == mac.lowercased() } } ?? known
        return HostFacts(
            meta: [
                "interfaces": .array(shown.map { ["name": .string($0.0), "mac": .string($0.1)] }),
                "cpu": ["total": .integer(sysconf(Int32(_SC_NPROCESSORS_ONLN)))],
                "memory": ["total": .integer(sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)))],
                "disks": .array(disks),
            ], mac: mac ?? shown.first?.1)
    }

    private static func line(_ path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 256)
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let count = Glibc.read(file, &buffer, buffer.count)
        guard count > 0 else { return nil }
        return String(String(decoding: buffer[..<count], as: UTF8.self).trimmed)
    }

    private static func names(_ directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
