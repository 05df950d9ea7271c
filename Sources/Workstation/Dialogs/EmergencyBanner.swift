import Engine
import Market
import Terminal

/// The emergency stop's banner: up from the first key until it is put away, over everything else.
struct EmergencyBanner: Sendable, Hashable {
    /// How far the stop went.
    enum Stage: Sendable, Hashable {
        /// New orders are blocked; the question is what else.
        case blocked
        /// Open orders are being cancelled.
        case cancelling
        /// Orders are being cancelled and positions closed.
        case flattening
    }

    /// When it came up: its keys are ignored for a moment, so that a word being typed answers nothing.
    var openedAt: Timestamp
    /// How far the stop went.
    var stage = Stage.blocked
    /// What was typed so far of the word that ends the stop; `nil` while nobody is at it.
    var typed: String?

    /// The word that ends the stop.
    static let rearmWord = "re-arm"

    /// Whether its keys count yet.
    func isReady(_ now: Timestamp) -> Bool { now.nanoseconds(since: openedAt) >= KeyGuard.dialogNanoseconds }

    /// Takes a key of the word. Anything longer than the word is a mistake that is seen soon enough.
    mutating func type(_ chord: Chord) {
        guard let typed else { return }
        if chord.key == .backspace { self.typed = String(typed.dropLast()) }
        if let scalar = chord.text, typed.count < 12 { self.typed = typed + String(Character(scalar)) }
    }
}

extension Reducer {
    /// The first stage: the block goes out before anything is drawn or asked.
    func startEmergencyStop(_ view: inout ViewState, _ work: inout Work) {
        work.effects.append(.send(.halt(origin: "keyboard")))
        if view.emergency == nil { view.emergency = EmergencyBanner(openedAt: work.now) }
        view.emergency?.typed = nil
        view.lock.lock()
        view.pending = []
        // A half-answered question must not be waiting under the banner.
        view.layers.removeAll { $0.isQuestion }
    }

    /// A key while the banner is up.
    func takeEmergencyKey(_ chord: Chord, _ view: inout ViewState, _ work: inout Work) {
        guard var banner = view.emergency, banner.isReady(work.now) else { return }
        if banner.typed != nil { return takeRearmKey(chord, banner, &view, &work) }
        let origin = "keyboard"
        var effects: [ScreenEffect] = []
        switch chord.key {
        case .character("y"):
            effects.append(.send(.emergencyStop(keepsProtection: false, origin: origin)))
            banner.stage = .cancelling
        case .character("k"):
            effects.append(.send(.emergencyStop(keepsProtection: true, origin: origin)))
            banner.stage = .cancelling
        case .character("f"):
            effects.append(.send(.emergencyFlatten(origin: origin)))
            banner.stage = .flattening
        case .character("r"): banner.typed = ""
        case .escape:
            view.emergency = nil
            view.toast(
                .warning, "New orders stay blocked; \(table.label(.emergencyStop)) shows the stop again", work.now)
            return
        default: return
        }
        view.emergency = banner
        work.effects += effects
    }

    /// A key while the word is typed that ends the stop.
    private func takeRearmKey(
        _ chord: Chord, _ banner: EmergencyBanner, _ view: inout ViewState, _ work: inout Work
    ) {
        var banner = banner
        switch chord.key {
        case .escape: banner.typed = nil
        case .enter:
            guard banner.typed == EmergencyBanner.rearmWord else {
                return view.toast(
                    .info, "Type \(EmergencyBanner.rearmWord) to end the emergency stop, Esc leaves it", work.now)
            }
            work.effects.append(.send(.rearm))
            view.emergency = nil
            return
        default: banner.type(chord)
        }
        view.emergency = banner
    }
}
