// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Daemon
import Foundation
import Settings

/// `hypsometer plugin new`.
struct PluginNewCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Writes a package with a plug-in that builds, and a test of it.")

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case pollster, discovery, publisher, notification, strategy, goal, planner, scoring, collector, `extension`
    }

    @Argument(help: "What it is to be.")
    var kind: Kind

    @Argument(help: "Its name: lower-case letters, digits and - between them.")
    var name: String

    @Option(help: ArgumentHelp("Where to make its directory.", valueName: "path"))
    var directory = "."

    @Option(help: ArgumentHelp("Hypsometer's repository.", valueName: "url"))
    var hypsometer = "https://git.example.org/hypsometer"

    func validate() throws {
        guard name.wholeMatch(of: /[a-z][a-z0-9]*(-[a-z0-9]+)*/) != nil, name.count <= 60 else {
            throw ValidationError(
                "a plug-in's name has lower-case letters, digits and - between them, found '\(name)'; try host-load")
        }
        if hypsometer.contains(where: { $0 == "\"" || $0 == "\\" || $0.isNewline }) || hypsometer.isEmpty {
            throw ValidationError("--hypsometer takes a URL, found '\(hypsometer)'")
        }
    }

    func execute() async throws(Mistakes) -> Int32 {
        let folder = URL(filePath: directory).appending(path: name)
        let template = PluginTemplate(kind: kind, name: name, hypsometer: hypsometer)
        do {
            if FileManager.default.fileExists(atPath: folder.path) {
                throw Mistake(.init(folder.path), "", found: "something there already", allowed: "a new directory")
            }
            for (path, text) in template.files {
                let file = folder.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
        } catch let mistake as Mistake {
            throw Mistakes([mistake])
        } catch {
            throw Mistakes([
                Mistake(
                    .init(folder.path), "", found: error.localizedDescription,
                    allowed: "a directory that this user may write to")
            ])
        }
        return Output.put(
            """
            \(folder.path) is there. Next, in it:
                swift test
                swift build -c release --static-swift-stdlib
                mkdir -p plugins && cp .build/release/\(name) \(name).entry_points plugins/
                hypsometer plugin check plugins/\(name)
                \(template.tryIt)

            """)
    }
}
