// SPDX-License-Identifier: Apache-2.0
package import Settings

/// What an operator sets about plug-ins.
package struct PluginSettings: Sendable, Hashable {
    package var directories: [String]
    package var timeout: Duration
    package var stateDirectory: String

    package init(_ configuration: Configuration) throws(Mistakes) {
        do throws(Mistake) {
            directories = try configuration.value(Self.directoriesSetting)
            timeout = .seconds(try configuration.value(Self.timeoutSetting))
            stateDirectory = try configuration.value(Self.stateDirectorySetting)
        } catch {
            throw Mistakes([error])
        }
    }

    package static let all: [AnySetting] = [
        AnySetting(directoriesSetting), AnySetting(timeoutSetting), AnySetting(stateDirectorySetting),
    ]

    private static let directoriesSetting = Setting(
        "plugin_dirs", in: "DEFAULT", default: [],
        help: "Directories with plug-ins, beside \(PluginFiles.systemDirectory) and those of --plugin-dir.")

    private static let timeoutSetting = Setting(
        "plugin_timeout", in: "DEFAULT", default: 20, 1...3600,
        help: "Seconds that a plug-in may take for an answer before it is taken to hang, killed and started again. A "
            + "cycle waits no longer than it has time.")

    private static let stateDirectorySetting = Setting(
        "state_dir", in: "DEFAULT", default: "/var/lib/hypsometer",
        help: "Where services note how their plug-ins are, for 'hypsometer plugin list'.",
        allowed: "an absolute path", check: { $0.hasPrefix("/") })
}
