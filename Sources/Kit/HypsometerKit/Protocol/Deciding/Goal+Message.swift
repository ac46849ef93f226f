// SPDX-License-Identifier: Apache-2.0
package import JSONText
package import Optimization

extension Goal {
    /// - Parameter name: the entry point's.
    package init(_ name: String, message value: WireValue) throws(WireError) {
        self.init(
            name, try value.optionalText("display_name") ?? name,
            indicators: try value.list("indicators") { item throws(WireError) in
                let kind = try item.optionalText("type") ?? "count"
                guard kind == "count" || kind == "number" else {
                    throw WireError("type", found: WireValue.string(kind).shown, allowed: "count, number")
                }
                return IndicatorSpecification(
                    try item.text("name"), kind == "count" ? .count : .number,
                    isRequired: item["required"] == nil ? true : try item.flag("required"))
            },
            ratios: try value.list("ratios") { item throws(WireError) in
                EfficacyRatio(try item.text("name"), try item.text("part"), of: try item.text("whole"))
            })
    }

    package var message: WireValue {
        .object([
            "display_name": .string(displayName),
            "indicators": .array(
                indicators.map {
                    .object([
                        "name": .string($0.name), "type": .string($0.kind == .count ? "count" : "number"),
                        "required": .bool($0.isRequired),
                    ])
                }),
            "ratios": .array(
                ratios.map {
                    .object(["name": .string($0.name), "part": .string($0.part), "whole": .string($0.whole)])
                }),
        ])
    }
}
