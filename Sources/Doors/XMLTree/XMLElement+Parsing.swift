// SPDX-License-Identifier: Apache-2.0
internal import CLibXML

/// Why a text isn't XML that we read.
package struct XMLError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    /// From 1; 0 where unknown.
    package var line: Int

    package var description: String { line > 0 ? "line \(line): \(message)" : message }
}

extension XMLElement {
    /// Deeper nesting is refused: nothing that libvirt writes comes near it.
    private static let deepest = 64

    /// Reads a document with libxml2: no network, none of its own limits lifted, and no document type declaration,
    /// which nothing that libvirt writes has, so that there are no entities to be blown up or to read files with.
    package init(parsing text: String) throws(XMLError) {
        var text = text
        let parsed: Result<XMLElement, XMLError> = text.withUTF8 { bytes in
            guard let size = Int32(exactly: bytes.count), let context = xmlNewParserCtxt() else {
                return .failure(XMLError(message: "too large", line: 0))
            }
            defer { xmlFreeParserCtxt(context) }
            let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue | XML_PARSE_NOWARNING.rawValue
            let document = bytes.withMemoryRebound(to: CChar.self) {
                xmlCtxtReadMemory(context, $0.baseAddress, size, nil, "UTF-8", Int32(options))
            }
            defer { xmlFreeDoc(document) }
            if document?.pointee.intSubset != nil {
                return .failure(XMLError(message: "a document type declaration, which may hold entities", line: 0))
            }
            guard let root = xmlDocGetRootElement(document) else { return .failure(XMLError(lastOf: context)) }
            guard let element = XMLElement(root, depth: 0) else {
                return .failure(XMLError(message: "elements nested deeper than \(Self.deepest)", line: 0))
            }
            return .success(element)
        }
        self = try parsed.get()
    }

    private init?(_ node: xmlNodePtr, depth: Int) {
        guard depth < Self.deepest else { return nil }
        name = String(node.pointee.name)
        namespace = node.pointee.ns.map { String($0.pointee.href) }
        attributes = [:]
        children = []
        text = ""

        var attribute = node.pointee.properties
        while let current = attribute {
            let value = xmlNodeListGetString(node.pointee.doc, current.pointee.children, 1)
            attributes[String(current.pointee.name)] = String(value)
            clibxml_free(value)
            attribute = current.pointee.next
        }
        var child = node.pointee.children
        while let current = child {
            switch current.pointee.type {
            case XML_ELEMENT_NODE:
                guard let element = XMLElement(current, depth: depth + 1) else { return nil }
                children.append(element)
            case XML_TEXT_NODE, XML_CDATA_SECTION_NODE:
                text += String(current.pointee.content)
            default:
                break
            }
            child = current.pointee.next
        }
        text = text.trimmingWhitespace()
    }
}

extension XMLError {
    init(lastOf context: xmlParserCtxtPtr) {
        let error = xmlCtxtGetLastError(context)
        message = error?.pointee.message.map { String(cString: $0).trimmingWhitespace() } ?? "no XML document"
        line = Int(error?.pointee.line ?? 0)
    }
}

extension String {
    /// libxml2's strings are UTF-8, as unsigned bytes; its null is our empty.
    fileprivate init(_ text: UnsafePointer<xmlChar>?) { self = text.map { String(cString: $0) } ?? "" }
    fileprivate init(_ text: UnsafeMutablePointer<xmlChar>?) { self.init(text.map { UnsafePointer($0) }) }

    fileprivate func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
