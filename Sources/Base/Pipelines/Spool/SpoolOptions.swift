// SPDX-License-Identifier: Apache-2.0
internal import Glibc
package import Settings

/// Where batches wait on disk for publishers that lead to other hosts, and how many.
package struct SpoolOptions: Sendable, Hashable {
    package static let directorySetting = Setting(
        "spool_directory", in: "publisher", default: "/var/lib/hypsometer",
        help:
            "The directory of spool.db, where samples for http, https, notifier and tcp publishers are until the other "
            + "side has them, and of dead-letters.jsonl, which has those that it refused for good. Agents on the same host need "
            + "one each. Other publishers need none.",
        allowed: "an absolute path", check: { $0.hasPrefix("/") })

    package static let sizeSetting = Setting(
        "spool_max_mib", in: "publisher", default: 1024, 1...1_000_000,
        help: "The oldest samples are dropped where all that wait take more MiB.")

    package static let ageSetting = Setting(
        "spool_max_hours", in: "publisher", default: 168, 1...87_600,
        help: "Samples are dropped that have waited for so many hours.")

    package static let settings = [
        AnySetting(directorySetting), AnySetting(sizeSetting), AnySetting(ageSetting),
    ]

    package var directory: String
    package var mostBytes: Int
    package var mostAge: Duration
    /// Where the directory was set.
    package var place: Mistake.Place

    /// The setting's name, for messages.
    package var setting = "[publisher] spool_directory"

    package init(
        directory: String, mostBytes: Int, mostAge: Duration, place: Mistake.Place = .init("test"),
        setting: String = "[publisher] spool_directory"
    ) {
        self.setting = setting
        self.directory = directory
        self.mostBytes = mostBytes
        self.mostAge = mostAge
        self.place = place
    }

    package init(_ configuration: Configuration) throws(Mistake) {
        directory = try configuration.value(Self.directorySetting)
        mostBytes = try configuration.value(Self.sizeSetting) << 20
        mostAge = .seconds(3600 * (try configuration.value(Self.ageSetting)))
        place = configuration.place(of: "publisher", "spool_directory") ?? .init("built-in configuration")
    }

    /// Throws where the directory can't be used.
    package func check() throws(Mistake) {
        guard access(directory, R_OK | W_OK | X_OK) == 0 else { throw unusable(String(cString: strerror(errno))) }
        var status = stat()
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw unusable("it is no directory")
        }
    }

    func unusable(_ reason: String) -> Mistake {
        Mistake(
            place, setting, found: "\(directory.quoted), which can't be used: \(reason)",
            allowed: "a directory that is there, that this user may write to, and that no other agent uses")
    }
}
