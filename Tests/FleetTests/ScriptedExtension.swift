// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// An extension in Python, as an author without our library would write it: it notes what it is told in a file, and does
/// what its test says where it is asked.
struct ScriptedExtension {
    let name: String
    var version = "1.0.0"
    /// Python: further keys of what it declares.
    var declares = "{}"
    /// Python statements that may `answer(result)` or `fail(code, message)` the call `c`; without an answer `{}` goes out.
    var body = "pass"
    /// Python statements that its start begins with.
    var start = "pass"

    /// Seconds for calls: few where the deed uses them up, else what a machine with other work may need.
    static func timeout(_ deed: String) -> Int { deed.contains("sleep") ? 5 : 60 }

    var notes: String { "\(name).notes" }

    func install(_ directory: TemporaryDirectory) throws {
        let script = """
            #!/usr/bin/env python3
            import json, os, signal, sys, time
            answered = False
            def say(value):
                sys.stdout.write(json.dumps(value) + "\\n")
                sys.stdout.flush()
            def answer(result):
                global answered
                answered = True
                say({"jsonrpc": "2.0", "id": c["id"], "result": result})
            def fail(code, message):
                global answered
                answered = True
                say({"jsonrpc": "2.0", "id": c["id"], "error": {"code": code, "message": message}})
            def call(method, **params):
                say({"jsonrpc": "2.0", "id": 1, "method": method, "params": dict(params, extension="\(name)")})
                while True:
                    reply = json.loads(sys.stdin.readline())
                    if "method" not in reply:
                        return reply.get("result") or reply["error"]
                    waiting.append(reply)
            def note(text):
                with open("\(directory(notes))", "a") as file:
                    file.write(text + "\\n")
            waiting = []
            while True:
                if waiting:
                    c = waiting.pop(0)
                else:
                    line = sys.stdin.readline()
                    if not line: break
                    c = json.loads(line)
                answered = False
                p = c["params"]
                if c["method"] == "start":
            \(Self.indented(start))
                    declared = {"version": "\(version)", "description": "of a test", "name": "\(name)"}
                    declared.update(\(declares))
                    answer({"protocol": 1, "entry_points": [
                        {"namespace": e["namespace"], "name": e["name"], "extension": declared} for e in p["entry_points"]]})
                    continue
                if c["method"] == "extension_event":
                    e = p["event"]
            \(Self.indented(body))
                    if not answered: note("%s %s" % (e["kind"], e["id"]))
                else:
                    e = p.get("event", {})
            \(Self.indented(body))
                if not answered: answer({})

            """
        try directory.write(
            "[plugin]\nversion = \(version)\nprotocol = 1\nexec = \(name)\n[nailgun.extensions]\n\(name) = X\n",
            to: "plugins/\(name).entry_points")
        try directory.write(script, to: "plugins/\(name)")
        chmod(directory("plugins/\(name)"), 0o755)
    }

    private static func indented(_ statements: String) -> String {
        statements.split(separator: "\n").map { "        \($0)" }.joined(separator: "\n")
    }

    /// The kinds of the events that it was told of, in their order.
    func told(_ directory: TemporaryDirectory) -> [String] {
        let text = (try? directory.text(notes)) ?? ""
        return text.split(separator: "\n").map { String($0.split(separator: " ")[0]) }
    }

    /// Their ids.
    func ids(_ directory: TemporaryDirectory) -> [String] {
        let text = (try? directory.text(notes)) ?? ""
        return text.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
    }
}
