import Engine
import Market
import Terminal
import Trading

/// A list to choose from by typing a part of a name: symbols, and themes with live preview.
struct PickerLayer: Layer {
    /// One entry.
    struct Item: Sendable {
        /// What is searched and shown.
        var text: String
        /// What stands at the right.
        var note: String
        /// What follows when it is chosen.
        var chosen: Consequence
        /// What follows when it is merely selected.
        var selected: Consequence?
    }

    /// The title.
    let title: String
    private let items: [Item]
    private let cancelled: [Consequence]
    private var editor = TextField()
    private var selection: Int

    init(title: String, items: [Item], selection: Int, cancelled: [Consequence] = []) {
        self.title = title
        self.items = items
        self.selection = max(0, min(selection, items.count - 1))
        self.cancelled = cancelled
    }

    // Themes are judged on the screen as it is.
    var isDimming: Bool { cancelled.isEmpty }
    var takesText: Bool { true }

    private var matches: [Item] {
        editor.text.isEmpty ? items : FuzzyMatcher(editor.text).rank(items) { $0.text }.map(\.candidate)
    }

    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult {
        let found = matches
        switch chord.key {
        case .enter:
            guard found.indices.contains(selection) else { return .stay([]) }
            return .close([found[selection].chosen])
        case .escape: return .close(cancelled)
        case .character("c") where chord.modifiers == .control: return .close(cancelled)
        case .up: return move(-1, found)
        case .down: return move(1, found)
        case .character("p") where chord.modifiers == .control: return move(-1, found)
        case .character("n") where chord.modifiers == .control: return move(1, found)
        case .pageUp: return move(-10, found)
        case .pageDown: return move(10, found)
        default:
            guard editor.handle(chord) else { return .stay([]) }
            selection = 0
            return .stay(preview(matches))
        }
    }

    mutating func paste(_ text: String, _ context: LayerContext) -> Bool {
        editor.insert(text)
        selection = 0
        return true
    }

    private mutating func move(_ step: Int, _ found: [Item]) -> LayerResult {
        guard !found.isEmpty else { return .stay([]) }
        selection = max(0, min(selection + step, found.count - 1))
        return .stay(preview(found))
    }

    private func preview(_ found: [Item]) -> [Consequence] {
        guard found.indices.contains(selection), let consequence = found[selection].selected else { return [] }
        return [consequence]
    }

    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let found = matches
        let size = Size(width: min(52, canvas.size.width), height: min(items.count + 4, max(6, canvas.size.height - 6)))
        let inside = canvas.dialog(
            size, title: title, footer: "↑↓ select  Enter choose  Esc cancel".plain(theme), theme)
        guard inside.height > 0 else { return }
        editor.draw(into: &canvas, x: inside.x, y: inside.y, width: inside.width, theme: theme)
        let rows = inside.inset(top: 1)
        let first = max(0, min(selection - rows.height / 2, found.count - rows.height))
        for (row, index) in (first..<min(found.count, first + rows.height)).enumerated() {
            let item = found[index]
            let isSelected = index == selection
            let style = isSelected ? theme[.select] : theme[.dialog]
            let y = rows.y + row
            canvas.fill(Rect(x: rows.x, y: y, width: rows.width, height: 1), Cell(" ", style: style))
            canvas.put(item.text, x: rows.x + 1, y: y, style: style, maxWidth: rows.width - 2)
            let room = rows.width - DisplayWidth.columns(of: item.text) - 4
            if DisplayWidth.columns(of: item.note) <= room {
                let noteStyle = isSelected ? style : theme[.textDim].on(theme[.dialog].background)
                canvas.put(item.note, endingAt: rows.maxX - 1, y: y, style: noteStyle)
            }
        }
        if found.isEmpty {
            canvas.put(
                "nothing matches", x: rows.x + 1, y: rows.y, style: theme[.textDim].on(theme[.dialog].background))
        }
    }

    /// The symbols of the watch list.
    static func symbols(_ snapshot: Snapshot, current: InstrumentID) -> PickerLayer {
        let items = snapshot.markets.map { market in
            Item(
                text: "\(market.instrument.pair)  \(market.instrument.venue.lowercased())",
                note: market.last.map { market.instrument.text($0) } ?? "", chosen: .symbol(market.id), selected: nil)
        }
        let index = snapshot.markets.firstIndex { $0.id == current } ?? 0
        return PickerLayer(title: "Symbol", items: items, selection: index)
    }

    /// The themes, shown while they are selected.
    static func themes(_ names: [String], current: String) -> PickerLayer {
        let items = names.map { name in
            Item(
                text: name, note: name == current ? "in force" : "", chosen: .theme(name), selected: .previewTheme(name)
            )
        }
        return PickerLayer(
            title: "Theme", items: items, selection: names.firstIndex(of: current) ?? 0, cancelled: [.previewTheme(nil)]
        )
    }
}

extension String {
    /// The text with arrows and the like written in ASCII where the theme wants that.
    func plain(_ theme: Theme) -> String {
        guard theme.glyphs == .ascii else { return self }
        var result = ""
        for character in self {
            switch character {
            case "↑": result += "^"
            case "↓": result += "v"
            case "←": result += "<"
            case "→": result += "->"
            case "·": result += "-"
            case "…": result += "~"
            case "–", "—": result += "-"
            case "▲": result += "^"
            case "▼": result += "v"
            case "●", "•": result += "*"
            case "∞": result += "inf"
            case "×": result += "x"
            case "±": result += "+-"
            case "⚠": result += "!"
            case "✓": result += "+"
            case "✗": result += "x"
            default: result.append(character)
            }
        }
        return result
    }
}
