// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// `20 s`, `0.3 s`.
    var inSeconds: String {
        let value = Double(components.seconds) + Double(components.attoseconds) / 1e18
        return value == value.rounded() ? "\(Int(value)) s" : "\((value * 100).rounded() / 100) s"
    }
}
