// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Audits
import ClusterModel
import ModelCollectors
import Settings

/// How a model is printed.
enum ModelFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, xml

    /// - Throws: for XML of a model that has none.
    func text(_ model: any Model) throws(Mistake) -> String {
        switch self {
        case .table: return TextTable.text(ModelTable.rows(model))
        case .json: return Self.json(of: model) + "\n"
        case .xml:
            guard let text = ModelFile.xml(model) else {
                throw Mistake(
                    .init("command line"), "--format", found: "xml, which this model has no form for",
                    allowed: "table or json")
            }
            return text
        }
    }

    /// As programs read it; what it shows people where it has no JSON.
    static func json(of model: any Model) -> String {
        switch model {
        case let model as any JSONModel: model.json.json
        case let model as OtherModel: model.json.json
        default: model.text
        }
    }
}

/// A model file, read.
enum ModelInput {
    static func read(_ path: String) throws(Mistake) -> any Model {
        try OptimizingAssembly.catalog.readModel(try InputFile(reading: path)).model
    }
}
