// SPDX-License-Identifier: Apache-2.0
internal import CLibXML

/// Reads a document element by element, for those that are too large to be held as a tree: a model of ten thousand
/// instances is megabytes of attributes.
///
/// As where a tree is made of it, there is no network, none of libxml2's limits is lifted, and a document type
/// declaration is refused. Text between elements is passed over.
package enum XMLWalk {
    package struct Attribute: Sendable, Hashable {
        /// Without prefix.
        package var name: String
        package var value: String
    }

    /// - Parameter visit: is called for the start of each element, in the document's order; the root has depth 0. What
    ///   it throws ends the walk.
    package static func elements(
        of text: String, _ visit: (_ name: String, _ depth: Int, _ attributes: [Attribute]) throws -> Void
    ) throws {
        var text = text
        try withoutActuallyEscaping(visit) { visit in
            let walk = Walk(visit)
            try text.withUTF8 { try walk.run($0) }
        }
    }
}

/// What libxml2's callbacks work on: they are given a pointer to it, and only while ``run(_:)`` is under way.
private final class Walk {
    private let visit: (String, Int, [XMLWalk.Attribute]) throws -> Void
    private var depth = 0
    private var attributes: [XMLWalk.Attribute] = []
    /// libxml2 keeps one copy of each name as long as it reads, so that its place tells which it is.
    private var names: [UnsafePointer<xmlChar>: String] = [:]
    private var failure: (any Error)?

    init(_ visit: @escaping (String, Int, [XMLWalk.Attribute]) throws -> Void) { self.visit = visit }

    func run(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard let size = Int32(exactly: bytes.count), let context = xmlNewParserCtxt(), let sax = context.pointee.sax
        else { throw XMLError(message: "too large", line: 0) }
        defer { xmlFreeParserCtxt(context) }
        sax.pointee = xmlSAXHandler()
        sax.pointee.initialized = XML_SAX2_MAGIC
        sax.pointee.startElementNs = { context, name, _, _, _, _, count, _, attributes in
            Walk.of(context)?.start(context, name, Int(count), attributes)
        }
        sax.pointee.endElementNs = { context, _, _, _ in Walk.of(context)?.depth -= 1 }
        sax.pointee.internalSubset = { context, _, _, _ in
            let error = XMLError(message: "a document type declaration, which may hold entities", line: 0)
            Walk.of(context)?.stop(context, error)
        }
        context.pointee._private = Unmanaged.passUnretained(self).toOpaque()
        // Character references are resolved; there are no other entities, as none can be declared.
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
        let document = bytes.withMemoryRebound(to: CChar.self) {
            xmlCtxtReadMemory(
                context, $0.baseAddress, size, nil, "UTF-8", Int32(options | XML_PARSE_NOENT.rawValue))
        }
        xmlFreeDoc(document)
        if let failure { throw failure }
        if context.pointee.wellFormed == 0 { throw XMLError(lastOf: context) }
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> Walk? {
        let parser = context?.assumingMemoryBound(to: xmlParserCtxt.self)
        return parser?.pointee._private.map { Unmanaged<Walk>.fromOpaque($0).takeUnretainedValue() }
    }

    private func stop(_ context: UnsafeMutableRawPointer?, _ error: any Error) {
        if failure == nil { failure = error }
        xmlStopParser(context?.assumingMemoryBound(to: xmlParserCtxt.self))
    }

    private func name(_ pointer: UnsafePointer<xmlChar>?) -> String {
        guard let pointer else { return "" }
        if let known = names[pointer] { return known }
        let name = String(cString: pointer)
        names[pointer] = name
        return name
    }

    /// - Parameter fields: five pointers for each attribute: name, prefix, namespace, the value's begin and its end.
    private func start(
        _ context: UnsafeMutableRawPointer?, _ element: UnsafePointer<xmlChar>?, _ count: Int,
        _ fields: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard failure == nil else { return }
        attributes.removeAll(keepingCapacity: true)
        for place in 0..<count {
            guard let fields, let begin = fields[place * 5 + 3], let end = fields[place * 5 + 4] else { continue }
            let value = String(decoding: UnsafeBufferPointer(start: begin, count: end - begin), as: UTF8.self)
            attributes.append(XMLWalk.Attribute(name: name(fields[place * 5]), value: value))
        }
        do {
            try visit(name(element), depth, attributes)
        } catch {
            stop(context, error)
        }
        depth += 1
    }
}
