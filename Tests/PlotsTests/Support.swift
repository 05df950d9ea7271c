import CCairo
import Foundation

@testable import Plots

#if canImport(FoundationXML)
import FoundationXML
#endif

/// A picture read back by cairo.
struct Picture {
    let width: Int
    let height: Int
    private let pixels: [UInt8]
    private let stride: Int

    init?(png: [UInt8]) {
        let reader = Reader(png)
        let surface = cairo_image_surface_create_from_png_stream(
            { closure, data, count in
                guard let closure, let data else { return CAIRO_STATUS_READ_ERROR }
                let reader = Unmanaged<Reader>.fromOpaque(closure).takeUnretainedValue()
                guard reader.place + Int(count) <= reader.bytes.count else { return CAIRO_STATUS_READ_ERROR }
                for index in 0..<Int(count) { data[index] = reader.bytes[reader.place + index] }
                reader.place += Int(count)
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(reader).toOpaque())
        defer { cairo_surface_destroy(surface) }
        guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS else { return nil }
        width = Int(cairo_image_surface_get_width(surface))
        height = Int(cairo_image_surface_get_height(surface))
        stride = Int(cairo_image_surface_get_stride(surface))
        guard let data = cairo_image_surface_get_data(surface) else { return nil }
        pixels = Array(UnsafeBufferPointer(start: data, count: stride * height))
        withExtendedLifetime(reader) {}
    }

    /// The colour of a pixel, `0xRRGGBB`.
    func color(_ x: Int, _ y: Int) -> UInt32 {
        let place = y * stride + x * 4
        return UInt32(pixels[place + 2]) << 16 | UInt32(pixels[place + 1]) << 8 | UInt32(pixels[place])
    }

    /// How many pixels have a colour.
    func count(of color: UInt32) -> Int {
        (0..<height).reduce(0) { sum, y in sum + (0..<width).count { self.color($0, y) == color } }
    }

    private final class Reader {
        let bytes: [UInt8]
        var place = 0
        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }
}

/// Elements of an SVG file, by a parser of XML.
final class SVGReader: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var texts: [String: String] = [:]
    private var open: [String] = []

    init?(_ bytes: [UInt8]) {
        super.init()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = self
        guard parser.parse() else { return nil }
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append((name, attributes))
        open.append(name)
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        if let name = open.last { texts[name, default: ""] += text }
    }

    /// The points of the path that is stroked in a colour; those of the longest where there are several.
    func stroke(_ style: String) -> [(x: Double, y: Double)] {
        elements.filter { $0.name == "path" && ($0.attributes["style"] ?? "").contains("stroke:\(style)") }
            .map { points($0.attributes["d"] ?? "") }.max { $0.count < $1.count } ?? []
    }

    private func points(_ path: String) -> [(x: Double, y: Double)] {
        let numbers = path.split(separator: " ").compactMap { Double($0) }
        return stride(from: 0, to: numbers.count - 1, by: 2).map { (numbers[$0], numbers[$0 + 1]) }
    }
}
