// SPDX-License-Identifier: Apache-2.0
package import ClusterModel
package import Settings

/// A file's text, and where it came from.
package struct InputFile: Sendable {
    package var path: String
    package var text: String

    package init(path: String, text: String) {
        self.path = path
        self.text = text
    }

    package init(reading path: String) throws(Mistake) {
        self.init(path: path, text: try TextFile.read(path))
    }

    /// JSON as it stands on the command line, or the text of the file that is named there.
    package init(jsonOrPath text: String, of option: String) throws(Mistake) {
        guard let first = text.first(where: { !$0.isWhitespace }), first == "{" || first == "[" else {
            try self.init(reading: text)
            return
        }
        self.init(path: option, text: text)
    }

    /// What `body` makes of it; its error as a mistake that names the file, and the line where it is known.
    package func read<Value>(_ body: () throws -> Value) throws(Mistake) -> Value {
        do {
            return try body()
        } catch let error as Mistake {
            throw error
        } catch let error as JSONError {
            throw Mistake(.init(path, line: error.line), "", found: error.message, allowed: "JSON")
        } catch {
            throw Mistake(.init(path), "", found: "\(error)", allowed: "")
        }
    }
}

extension AuditCatalog {
    /// The model in a file, with the name that strategies call its like.
    package func readModel(_ input: InputFile) throws(Mistake) -> (name: String, model: any Model) {
        try input.read {
            for reader in modelReaders {
                if let read = try reader(input.text) { return read }
            }
            throw Mistake(
                .init(input.path), "", found: "JSON that is no model",
                allowed: "a model's JSON, which says \"model\": \"compute\" or the like, or its XML")
        }
    }
}
