import Engine
import Market
import Terminal

/// Turns what happens into a new view state and effects: a pure function, and the only place where view state changes.
struct Reducer: Sendable {
    /// The keys in force.
    let table: BindingTable

    /// Takes one event.
    ///
    /// - Parameters:
    ///   - view: the state, changed in place.
    ///   - event: what happened.
    ///   - snapshot: the newest state of the engine.
    ///   - now: the wall clock.
    /// - Returns: what is to be done outside.
    func reduce(
        _ view: inout ViewState, _ event: ScreenEvent, _ snapshot: Snapshot, _ now: Timestamp
    ) -> [ScreenEffect] {
        var work = Work(table: table, snapshot: snapshot, now: now)
        switch event {
        case .input(let input): take(input, &view, &work)
        case .snapshot:
            takeNotices(&view, snapshot, now)
            noticePrice(&view, snapshot, now)
        case .reply(let reply): takeReply(reply, &view, now)
        case .tick: takeTick(&view, now)
        case .catalog(let catalog): view.catalog = catalog
        case .link(let link): take(link, &view, now)
        case .outsideStop:
            // It was sent already, by whoever caught the signal; the screen only shows it.
            view.emergency = EmergencyBanner(openedAt: now, stage: .cancelling)
            view.layers.removeAll { $0.isQuestion }
            view.lock.lock()
        }
        return work.effects
    }

    /// What a reduction collects while it runs.
    struct Work {
        let table: BindingTable
        let snapshot: Snapshot
        let now: Timestamp
        /// The key that is being handled.
        var chord: Chord?
        /// What is to be done outside.
        var effects: [ScreenEffect] = []

        init(table: BindingTable, snapshot: Snapshot, now: Timestamp) {
            self.table = table
            self.snapshot = snapshot
            self.now = now
        }
    }

    private func take(_ input: InputEvent, _ view: inout ViewState, _ work: inout Work) {
        switch input {
        case .key(let chord):
            work.chord = chord
            takeKey(chord, &view, &work)
        case .paste(let text): takePaste(text, &view, work)
        case .resize(let size): view.size = size
        case .focus(let isFocused):
            view.isTerminalFocused = isFocused
            if isFocused { view.keyGuard.focusGained(work.now) }
        case .mouse: break
        case .signal(let signal): work.effects.append(.exit(.signal(signal == .interrupt ? 2 : 15)))
        case .hangUp: work.effects.append(.exit(.hangUp))
        }
    }

    private func takePaste(_ text: String, _ view: inout ViewState, _ work: Work) {
        if view.emergency == nil, !view.layers.isEmpty {
            var layer = view.layers.removeLast()
            let context = LayerContext(snapshot: work.snapshot, view: view, now: work.now, table: table)
            let isTaken = layer.paste(text, context)
            view.layers.append(layer)
            if isTaken { return }
        }
        view.toast(.warning, "Pasted text dropped: no field has the cursor", work.now)
    }

    private func takeNotices(_ view: inout ViewState, _ snapshot: Snapshot, _ now: Timestamp) {
        for notice in snapshot.notices where notice.number > view.lastNotice {
            view.lastNotice = notice.number
            let kind: Toast.Kind =
                switch notice.kind {
                case .info: .info
                case .fill: .fill
                case .refused: .warning
                case .error: .error
                }
            view.toast(kind, notice.text, now)
        }
    }

    /// A changed price of the current symbol stands out for a moment; another symbol's does not.
    private func noticePrice(_ view: inout ViewState, _ snapshot: Snapshot, _ now: Timestamp) {
        guard let last = snapshot.market(view.symbol)?.last else { return }
        if let seen = view.seenPrice, seen.symbol == view.symbol, seen.price != last {
            view.flashUntil = now.adding(nanoseconds: Reducer.flashNanoseconds)
        }
        view.seenPrice = (view.symbol, last)
    }

    /// How long a changed price stands out.
    static let flashNanoseconds: Int64 = 400_000_000

    private func takeReply(_ reply: EngineReply, _ view: inout ViewState, _ now: Timestamp) {
        switch reply {
        case .done(let text): if !text.isEmpty { view.toast(.good, text, now) }
        case .refused(let reason): view.toast(.error, reason, now)
        case .order(let order, let verdict):
            if verdict.isAllowed {
                view.toast(.good, "Order \(order.id.rawValue) \(order.state.name)", now)
            } else {
                view.toast(.error, "Order \(order.id.rawValue) denied: \(verdict.text)", now)
            }
        }
    }

    private func takeTick(_ view: inout ViewState, _ now: Timestamp) {
        view.toasts.removeAll { $0.until <= now }
        if view.lock.tradeUntil != nil, !view.lock.isTrade(now) {
            view.lock.lock()
            view.toast(.info, "VIEW again after \(TradeLock.idleSeconds / 60) minutes without a key", now)
        }
    }
}
