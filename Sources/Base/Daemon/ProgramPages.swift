// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// The pages of the program's own code and of its libraries'.
package enum ProgramPages {
    /// Hands back those that are mapped, most of which only the start has needed. What is needed again is found in the
    /// page cache: nothing is read twice. Only code is touched, which nothing can have written to.
    package static func handBack() {
        guard let maps = fopen("/proc/self/maps", "re") else { return }
        defer { fclose(maps) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        while getline(&line, &capacity, maps) > 0, let line {
            guard let range = codeOfAFile(String(cString: line)) else { continue }
            // A mere hint: where the kernel refuses it, all stays as it was.
            _ = madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_DONTNEED)
        }
    }

    /// - Parameter line: `start-end permissions offset device inode path`, as in proc(5).
    private static func codeOfAFile(_ line: String) -> Range<UInt>? {
        let fields = line.split(separator: " ")
        guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return nil }
        let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        return bounds.count == 2 && bounds[0] < bounds[1] ? bounds[0]..<bounds[1] : nil
    }
}
