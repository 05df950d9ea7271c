import Engine
import Terminal

/// Shows a form and edits it: the values are reviewed after every key, and it can be sent only without a problem.
struct FormLayer: Layer {
    private let model: any FormModel
    private let fields: [FormField]
    private var editors: [TextField]
    private var focus = 0
    /// Whether a send was tried: from then on problems of empty fields are shown as well.
    private var wasTried = false

    init(_ model: any FormModel, _ snapshot: Snapshot) {
        self.model = model
        fields = model.fields
        editors = fields.map { TextField($0.value) }
        focus = visible(model.review(values, snapshot)).first ?? 0
    }

    /// Characters are for the field; on the button they are nothing.
    var takesText: Bool { true }

    /// The values as they stand.
    var values: FormValues { FormValues(pairs: zip(fields, editors).map { ($0.name, $1.text) }) }

    private func visible(_ review: FormReview) -> [Int] {
        fields.indices.filter { !review.hidden.contains(fields[$0].name) }
    }

    mutating func handle(_ chord: Chord, _ context: LayerContext) -> LayerResult {
        let places = visible(model.review(values, context.snapshot)) + [fields.count]
        switch chord.key {
        case .escape: return .close([])
        case .character("c") where chord.modifiers == .control: return .close([])
        case .tab, .down: move(1, places)
        case .backtab, .up: move(-1, places)
        case .enter:
            if focus == fields.count { return send(context) }
            move(1, places)
        default:
            if focus < fields.count { edit(chord) }
        }
        return .stay([])
    }

    mutating func paste(_ text: String, _ context: LayerContext) -> Bool {
        guard focus < fields.count, fields[focus].kind == .text || fields[focus].kind == .number else { return false }
        editors[focus].insert(text)
        return true
    }

    private mutating func move(_ step: Int, _ places: [Int]) {
        let index = places.firstIndex(of: focus) ?? 0
        focus = places[(index + step + places.count) % places.count]
    }

    private mutating func edit(_ chord: Chord) {
        switch fields[focus].kind {
        case .text, .number: _ = editors[focus].handle(chord)
        case .toggle:
            switch chord.key {
            case .character(" "), .left, .right, .character("x"):
                editors[focus] = TextField(editors[focus].text == "on" ? "off" : "on")
            default: break
            }
        case .choice(let choices): choose(chord, choices)
        }
    }

    private mutating func choose(_ chord: Chord, _ choices: [String]) {
        guard !choices.isEmpty else { return }
        let index = choices.firstIndex(of: editors[focus].text) ?? 0
        switch chord.key {
        case .character(" "), .right: editors[focus] = TextField(choices[(index + 1) % choices.count])
        case .left: editors[focus] = TextField(choices[(index + choices.count - 1) % choices.count])
        case .character(let letter):
            // The next choice that begins with the letter.
            let order = choices[(index + 1)...] + choices[...index]
            let wanted = String(letter).lowercased()
            if let choice = order.first(where: { $0.lowercased().hasPrefix(wanted) }) {
                editors[focus] = TextField(choice)
            }
        default: break
        }
    }

    private mutating func send(_ context: LayerContext) -> LayerResult {
        let review = model.review(values, context.snapshot)
        guard review.isAcceptable else {
            wasTried = true
            let first = review.problems[0]
            if let index = fields.firstIndex(where: { $0.name == first.name }) { focus = index }
            return .stay([.toast(.error, first.text)])
        }
        return .close(model.submit(values, context.snapshot))
    }

    func draw(into canvas: inout Canvas, _ context: PaneContext, _ table: BindingTable) {
        let theme = context.theme
        let review = model.review(values, context.snapshot)
        let shown = visible(review)
        let labels = shown.map { DisplayWidth.columns(of: fields[$0].label) }.max() ?? 0
        let general = review.problems.filter { $0.name.isEmpty }
        let width = min(canvas.size.width, 72)
        let column = max(labels, 16) + 3
        let preview = previewLines(review, width: width - 4 - column, theme)
        let wanted = shown.count + general.count + preview.count + (preview.isEmpty ? 0 : 1) + 7
        let inside = canvas.dialog(
            Size(width: width, height: wanted), title: model.title,
            footer: "Tab next  Space change  Esc cancel", theme)
        let ground = theme[.dialog].background
        // On a low screen the rows around the focus are what matters.
        let position = focus == fields.count ? shown.count : shown.firstIndex(of: focus) ?? 0
        let overflow = max(0, wanted - 2 - inside.height)
        var y = inside.y + 1 - min(overflow, max(0, position - 1))
        func row(_ draw: (Int) -> Void) {
            if y >= inside.y, y < inside.maxY { draw(y) }
            y += 1
        }
        for index in shown {
            row { y in drawField(index, labels, x: inside.x, y: y, width: inside.width, review, into: &canvas, theme) }
        }
        row { _ in }
        for problem in general {
            row { y in
                canvas.put(
                    problem.text, x: inside.x, y: y, style: theme[.fieldError].on(ground), maxWidth: inside.width)
            }
        }
        for line in preview {
            row { y in
                canvas.put(line.label, x: inside.x + 1, y: y, style: theme[.textDim].on(ground))
                canvas.put(
                    line.value, x: inside.x + column, y: y, style: theme[.dialog], maxWidth: inside.width - column)
            }
        }
        if !preview.isEmpty { row { _ in } }
        row { y in
            let style = theme[focus == fields.count ? .buttonFocus : .button]
            canvas.put("[ \(model.submitLabel) ]", x: inside.x + column, y: y, style: style)
        }
        drawHelp(in: inside, review, into: &canvas, theme)
    }

    /// What the form says of its values, a long text over several lines.
    private func previewLines(_ review: FormReview, width: Int, _ theme: Theme) -> [(label: String, value: String)] {
        review.preview.flatMap { fact in
            let lines = TextLines.wrapped(fact.value.plain(theme), width: max(1, width))
            return lines.enumerated().map { ($0 == 0 ? fact.label : "", $1) }
        }
    }

    /// The last row explains the field, or says what is wrong with it.
    private func drawHelp(in inside: Rect, _ review: FormReview, into canvas: inout Canvas, _ theme: Theme) {
        guard focus < fields.count, inside.height > 2 else { return }
        let field = fields[focus]
        let problem = review.problems.first { $0.name == field.name }?.text
        let isShown = problem != nil && (wasTried || !editors[focus].text.isEmpty)
        let text = isShown ? problem ?? "" : field.help
        let style = theme[isShown ? .fieldError : .textDim].on(theme[.dialog].background)
        canvas.fill(
            Rect(x: inside.x, y: inside.maxY - 1, width: inside.width, height: 1), Cell(" ", style: theme[.dialog]))
        let ellipsis: Unicode.Scalar = theme.glyphs == .ascii ? "~" : "…"
        let shown = DisplayWidth.truncated(text.plain(theme), to: inside.width, ellipsis: ellipsis)
        canvas.put(shown, x: inside.x, y: inside.maxY - 1, style: style)
    }

    private func drawField(
        _ index: Int, _ labels: Int, x: Int, y: Int, width: Int, _ review: FormReview, into canvas: inout Canvas,
        _ theme: Theme
    ) {
        let field = fields[index]
        let isFocused = index == focus
        let ground = theme[.dialog].background
        let hasProblem = review.problems.contains { $0.name == field.name }
        let isWrong = hasProblem && (wasTried || !editors[index].text.isEmpty)
        let labelStyle = isFocused ? theme[.textStrong].on(ground) : theme[.textDim].on(ground)
        canvas.put(field.label, x: x + 1, y: y, style: labelStyle)
        let column = x + max(labels, 16) + 3
        let room = max(1, x + width - column)
        switch field.kind {
        case .text, .number:
            let fieldWidth = min(room, field.kind == .number ? 20 : 40)
            editors[index].draw(
                into: &canvas, x: column, y: y, width: fieldWidth, theme: theme, isFocused: isFocused, hasError: isWrong
            )
        case .choice:
            // The arrows stand outside, so that values begin in one column whether they have the focus or not.
            let text = editors[index].text
            canvas.put(text, x: column, y: y, style: isFocused ? theme[.select] : theme[.dialog], maxWidth: room)
            guard isFocused else { return }
            let arrows: [Unicode.Scalar] = theme.glyphs == .ascii ? ["<", ">"] : ["‹", "›"]
            let arrowStyle = theme[.hintKey].on(ground)
            canvas.put(scalar: arrows[0], x: column - 2, y: y, style: arrowStyle)
            let end = column + DisplayWidth.columns(of: text) + 1
            if end < x + width { canvas.put(scalar: arrows[1], x: end, y: y, style: arrowStyle) }
        case .toggle:
            let text = editors[index].text == "on" ? "[x]" : "[ ]"
            canvas.put(text, x: column, y: y, style: isFocused ? theme[.select] : theme[.dialog])
        }
    }
}
