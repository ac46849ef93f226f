// SPDX-License-Identifier: Apache-2.0
import Settings

extension Mistakes {
    /// What `body` returns; its one mistake as all of them.
    static func collecting<Value>(_ body: () throws(Mistake) -> Value) throws(Mistakes) -> Value {
        do {
            return try body()
        } catch {
            throw Mistakes([error])
        }
    }
}
