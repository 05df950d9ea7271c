import Engine
import Market
import Terminal

extension Reducer {
    /// Finds who a key is for: the emergency stop, its banner, the layer on top, or the binding table.
    func takeKey(_ chord: Chord, _ view: inout ViewState, _ work: inout Work) {
        if view.lock.isTrade(work.now) { view.lock.unlock(work.now) }
        if table.isEmergencyStop(chord) {
            startEmergencyStop(&view, &work)
        } else if view.emergency != nil {
            takeEmergencyKey(chord, &view, &work)
        } else if !view.layers.isEmpty {
            takeLayerKey(chord, &view, &work)
        } else {
            takeCommandKey(chord, &view, &work)
        }
    }

    private func takeLayerKey(_ chord: Chord, _ view: inout ViewState, _ work: inout Work) {
        let top = view.layers.count - 1
        if view.layers[top].isQuestion, !view.keyGuard.admits(chord, work.now) { return }
        if !view.layers[top].takesText, view.keyGuard.isPaste(chord, work.now) { return dropBurst(&view, work.now) }
        var layer = view.layers.removeLast()
        let context = LayerContext(snapshot: work.snapshot, view: view, now: work.now, table: table)
        switch layer.handle(chord, context) {
        case .stay(let consequences):
            view.layers.append(layer)
            follow(consequences, &view, &work)
        case .close(let consequences):
            follow(consequences, &view, &work)
        }
    }

    private func takeCommandKey(_ chord: Chord, _ view: inout ViewState, _ work: inout Work) {
        if view.keyGuard.isPaste(chord, work.now) { return dropBurst(&view, work.now) }
        if chord.key == .escape, !view.pending.isEmpty {
            view.pending = []
            return
        }
        let sequence = view.pending + [chord]
        switch table.match(sequence, focus: view.focus) {
        case .line(let line):
            view.pending = []
            perform(line.binding.action, &view, &work)
        case .pending:
            if view.pending.isEmpty { view.pendingSince = work.now }
            view.pending = sequence
        case .none:
            view.pending = []
            if sequence.count > 1 {
                view.toast(.info, "\(sequence.map(\.label).joined(separator: " ")) means nothing here", work.now)
            }
        }
    }

    private func dropBurst(_ view: inout ViewState, _ now: Timestamp) {
        view.pending = []
        view.toast(.warning, "Keys dropped: they came faster than anybody types, like a paste", now)
    }

    /// Carries out what handlers ask for.
    func follow(_ consequences: [Consequence], _ view: inout ViewState, _ work: inout Work) {
        for consequence in consequences { follow(consequence, &view, &work) }
    }

    private func follow(_ consequence: Consequence, _ view: inout ViewState, _ work: inout Work) {
        switch consequence {
        case .request(let request): work.effects.append(.send(request))
        case .confirm(let confirmation): ask(confirmation, &view, &work)
        case .toast(let kind, let text): view.toast(kind, text, work.now)
        case .form(let model): open(FormLayer(model, work.snapshot), &view, &work)
        case .detail(let model): open(DetailLayer(model), &view, &work)
        case .layer(let layer): open(layer, &view, &work)
        case .copy(let text):
            work.effects.append(.copy(text))
            view.toast(.info, "Copied: \(DisplayWidth.truncated(text, to: 40))", work.now)
        case .focus(let pane): view.setFocus(pane)
        case .symbol(let id):
            guard work.snapshot.market(id) != nil else { return }
            view.symbol = id
            save(view, &work)
        case .timeframe(let timeframe):
            view.timeframe = timeframe
            save(view, &work)
        case .previewTheme(let name): view.previewedTheme = name
        case .theme(let name):
            view.previewedTheme = nil
            view.theme = name
            save(view, &work)
        case .preset(let preset):
            view.arrangement.preset = preset
            view.arrangement.zoom = .normal
            save(view, &work)
        case .setFilter(let pane, let text): view.filters[pane] = text.isEmpty ? nil : text
        case .exit(let reason): work.effects.append(.exit(reason))
        case .remember(let line):
            view.paletteHistory.removeAll { $0 == line }
            view.paletteHistory.append(line)
            if view.paletteHistory.count > 50 { view.paletteHistory.removeFirst() }
        case .ifTrade(let consequences):
            if view.lock.isTrade(work.now) { follow(consequences, &view, &work) } else { explainLock(&view, work.now) }
        case .action(let action): perform(action, &view, &work)
        case .undoable(let text, let consequences): view.undo = (text, consequences)
        case .reloadCatalog: work.effects.append(.reloadCatalog)
        }
    }

    /// Puts a layer on top; questions are guarded against keys that were typed before they could be read.
    private func open(_ layer: any Layer, _ view: inout ViewState, _ work: inout Work) {
        view.layers.append(layer)
        view.pending = []
        if layer.isQuestion {
            view.keyGuard.dialogOpened(by: work.chord, work.now)
            work.effects.append(.flushInput)
        }
    }

    private func ask(_ confirmation: Confirmation, _ view: inout ViewState, _ work: inout Work) {
        switch confirmation.tier {
        case .immediate: work.effects.append(.send(confirmation.request))
        case .line: open(LineQuestion(confirmation), &view, &work)
        case .typed: open(TypedQuestion(confirmation), &view, &work)
        }
    }

    /// Says why an order key did nothing.
    func explainLock(_ view: inout ViewState, _ now: Timestamp) {
        if let reason = lockReason(view) { return view.toast(.warning, reason, now) }
        view.toast(
            .warning, "VIEW: order keys are locked; \(table.label(.tradeLock)) unlocks them for ten minutes", now)
    }

    /// Writes the preferences down.
    func save(_ view: ViewState, _ work: inout Work) {
        work.effects.append(.save(view.preferences(work.snapshot)))
    }
}
