// SPDX-License-Identifier: Apache-2.0
internal import Glibc

/// Reads an operator's file whole, and says why where it can't.
package enum TextFile {
    /// Larger ones are refused: configuration is small, and a wrong path may be a device.
    private static let largest = 16 << 20

    package static func read(_ path: String) throws(Mistake) -> String {
        let place = Mistake.Place(path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(place, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(place, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw Mistake(place, "", found: "\(kind(status)), not a plain file", allowed: "a text file")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw unreadable(place, errno) }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= largest else {
                throw Mistake(place, "", found: "a file of over \(largest >> 20) MiB", allowed: "a smaller text file")
            }
        }
        // Some editors begin a file with a byte order mark.
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let content = bytes.starts(with: mark) ? bytes.dropFirst(mark.count) : bytes[...]
        guard let text = String(validating: content, as: UTF8.self) else {
            throw Mistake(
                .init(path, line: firstLineThatIsNotUTF8(content)), "", found: "bytes that are not UTF-8",
                allowed: "UTF-8 text")
        }
        return text
    }

    private static func firstLineThatIsNotUTF8(_ bytes: ArraySlice<UInt8>) -> Int? {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
    }

    private static func kind(_ status: stat) -> String {
        switch status.st_mode & S_IFMT {
        case S_IFDIR: "a directory"
        case S_IFIFO: "a named pipe"
        case S_IFSOCK: "a socket"
        case S_IFCHR, S_IFBLK: "a device"
        default: "something else"
        }
    }

    /// False only where there is nothing of that name: what is there and can't be read must not pass for absent.
    package static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 || ![ENOENT, ENOTDIR].contains(errno)
    }

    /// The paths of the files in a directory whose names end so, sorted by name.
    package static func list(_ directory: String, ending: String) throws(Mistake) -> [String] {
        guard let stream = opendir(directory) else { throw unreadable(Mistake.Place(directory), errno, "a directory") }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(ending), !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted().map { directory + "/" + $0 }
    }

    private static func unreadable(_ place: Mistake.Place, _ number: Int32, _ what: String = "a file") -> Mistake {
        Mistake(
            place, "", found: "cannot be read: \(String(cString: strerror(number)))",
            allowed: "\(what) that this user may read")
    }
}
