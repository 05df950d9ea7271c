import CCairo

/// A surface to draw on, by cairo: pixels, or paths that become SVG. Places are points from the top left.
///
/// Text is drawn by cairo's own simple means: a family is asked for by name, fontconfig finds the nearest that is
/// installed, and where none is, cairo draws with the one it carries.
final class Canvas {
    /// Where a text stands beside its place.
    enum Anchor {
        case start
        case middle
        case end
    }

    let width: Double
    let height: Double
    private let surface: OpaquePointer
    private let context: OpaquePointer
    private let sink: ByteSink?
    /// Whether a font is installed that knows more than cairo's own letters.
    private var hasFonts = true

    private static let family = "DejaVu Sans"

    /// A canvas for one form of output.
    ///
    /// - Throws: `PlotError` when it is too small or too large, or memory is short.
    init(_ size: PlotSize, _ format: PlotFormat) throws(PlotError) {
        guard PlotSize.range.contains(size.width), PlotSize.range.contains(size.height) else {
            throw .size(width: size.width, height: size.height)
        }
        width = Double(size.width)
        height = Double(size.height)
        let surface: OpaquePointer?
        switch format {
        case .png:
            sink = nil
            surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(size.width), Int32(size.height))
        case .svg:
            let sink = ByteSink()
            self.sink = sink
            surface = cairo_svg_surface_create_for_stream(
                ByteSink.write, Unmanaged.passUnretained(sink).toOpaque(), Double(size.width), Double(size.height))
            cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX)
        }
        guard let surface, let context = cairo_create(surface) else { throw .drawing("out of memory") }
        self.surface = surface
        self.context = context
        guard cairo_status(context) == CAIRO_STATUS_SUCCESS else {
            throw .drawing(String(cString: cairo_status_to_string(cairo_status(context))))
        }
        // Widths of text must not depend on where the pixels lie, or both outputs would differ.
        let options = cairo_font_options_create()
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_set_font_options(context, options)
        cairo_font_options_destroy(options)
        cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
        font(12, false)
        hasFonts = cairo_scaled_font_get_type(cairo_get_scaled_font(context)) == CAIRO_FONT_TYPE_FT
    }

    deinit {
        cairo_destroy(context)
        cairo_surface_destroy(surface)
    }

    // MARK: Shapes

    func fill(_ color: Color) {
        use(color)
        cairo_paint(context)
    }

    func rectangle(_ frame: Frame, _ color: Color) {
        use(color)
        cairo_rectangle(context, frame.x, frame.y, frame.width, frame.height)
        cairo_fill(context)
    }

    func outline(_ frame: Frame, _ color: Color, width: Double) {
        use(color)
        cairo_set_line_width(context, width)
        cairo_rectangle(context, frame.x, frame.y, frame.width, frame.height)
        cairo_stroke(context)
    }

    /// A line through places; one that is `nil` interrupts it.
    func line(_ places: [Place?], _ color: Color, width: Double, dash: [Double] = []) {
        use(color)
        cairo_set_line_width(context, width)
        cairo_set_dash(context, dash, Int32(dash.count), 0)
        var isDown = false
        for place in places {
            guard let place else {
                isDown = false
                continue
            }
            if isDown { cairo_line_to(context, place.x, place.y) } else { cairo_move_to(context, place.x, place.y) }
            isDown = true
        }
        cairo_stroke(context)
        cairo_set_dash(context, [], 0, 0)
    }

    func polygon(_ places: [Place], _ color: Color) {
        guard let first = places.first else { return }
        use(color)
        cairo_move_to(context, first.x, first.y)
        for place in places.dropFirst() { cairo_line_to(context, place.x, place.y) }
        cairo_close_path(context)
        cairo_fill(context)
    }

    func disc(_ place: Place, radius: Double, _ color: Color) {
        use(color)
        cairo_new_sub_path(context)
        cairo_arc(context, place.x, place.y, radius, 0, 2 * Double.pi)
        cairo_fill(context)
    }

    /// Draws what `draw` does inside a frame only.
    func clipped(to frame: Frame, _ draw: () -> Void) {
        cairo_save(context)
        cairo_rectangle(context, frame.x, frame.y, frame.width, frame.height)
        cairo_clip(context)
        draw()
        cairo_restore(context)
    }

    // MARK: Text

    /// How wide a text is.
    func width(of text: String, size: Double, isBold: Bool = false) -> Double {
        font(size, isBold)
        var extents = cairo_text_extents_t()
        cairo_text_extents(context, printable(text), &extents)
        return extents.x_advance
    }

    /// Writes a text whose base line begins, has its middle or ends at a place; turned by a quarter to the left where it
    /// is upright.
    func text(
        _ text: String, at place: Place, size: Double, _ color: Color, anchor: Anchor = .start, isBold: Bool = false,
        isUpright: Bool = false
    ) {
        let text = printable(text)
        let width = width(of: text, size: size, isBold: isBold)
        let shift = anchor == .start ? 0 : anchor == .middle ? width / 2 : width
        use(color)
        cairo_save(context)
        cairo_move_to(context, place.x, place.y)
        if isUpright { cairo_rotate(context, -Double.pi / 2) }
        cairo_rel_move_to(context, -shift, 0)
        cairo_show_text(context, text)
        cairo_restore(context)
    }

    /// The text cut so that it is no wider than `room`, with an ellipsis where something is missing.
    func fitted(_ text: String, _ room: Double, size: Double, isBold: Bool = false) -> String {
        guard width(of: text, size: size, isBold: isBold) > room else { return text }
        var low = 0
        var high = text.count
        while low < high {
            let middle = (low + high + 1) / 2
            if width(of: text.prefix(middle) + "…", size: size, isBold: isBold) <= room {
                low = middle
            } else {
                high = middle - 1
            }
        }
        return low == 0 ? "" : text.prefix(low) + "…"
    }

    /// Names come from files of others: what can't be printed is shown as the sign for that. Cairo's own letters are those
    /// of ASCII, and draw all else as a box that looks like a zero; so a minus would be one.
    private func printable(_ text: String) -> String {
        guard hasFonts else { return PlainText.ascii(text) }
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0 }))
    }

    private func font(_ size: Double, _ isBold: Bool) {
        cairo_select_font_face(
            context, Canvas.family, CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
        cairo_set_font_size(context, size)
    }

    private func use(_ color: Color) {
        cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
    }

    // MARK: Output

    /// What was drawn, as the bytes of a file.
    ///
    /// - Throws: `PlotError` when cairo failed on the way.
    func bytes() throws(PlotError) -> [UInt8] {
        cairo_show_page(context)
        let drawn = cairo_status(context)
        guard drawn == CAIRO_STATUS_SUCCESS else { throw .drawing(String(cString: cairo_status_to_string(drawn))) }
        let sink = self.sink ?? ByteSink()
        var written: cairo_status_t
        if self.sink == nil {
            cairo_surface_flush(surface)
            written = cairo_surface_write_to_png_stream(
                surface, ByteSink.write, Unmanaged.passUnretained(sink).toOpaque())
        } else {
            cairo_surface_finish(surface)
            written = cairo_surface_status(surface)
        }
        guard written == CAIRO_STATUS_SUCCESS else {
            throw .drawing(String(cString: cairo_status_to_string(written)))
        }
        return withExtendedLifetime(sink) { sink.bytes }
    }
}

/// Text for letters that know ASCII alone.
enum PlainText {
    static func ascii(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{2212}", "\u{2013}", "\u{2014}": result += "-"
            case "\u{A0}", "\u{202F}": result += " "
            case "·": result += "|"
            case "…": result += "..."
            case "×": result += "x"
            case "÷": result += "/"
            case "√": result += "sqrt "
            case _ where (0x20..<0x7F).contains(scalar.value): result.unicodeScalars.append(scalar)
            default: result += "?"
            }
        }
        return result
    }
}

/// Takes what cairo writes.
private final class ByteSink {
    var bytes: [UInt8] = []

    static let write: cairo_write_func_t = { closure, data, count in
        guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
        let sink = Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue()
        sink.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
        return CAIRO_STATUS_SUCCESS
    }
}

/// A place on a canvas.
struct Place: Hashable {
    var x: Double
    var y: Double

    init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }
}

/// A rectangle on a canvas.
struct Frame: Hashable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
}
