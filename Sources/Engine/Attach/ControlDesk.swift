/// What a screen wants of the engine when it comes.
public enum ScreenWish: UInt8, Sendable, Hashable {
    /// To look, and nothing else.
    case watch
    /// Control, when nobody has it or as soon as nobody has it any more.
    case control
    /// Control, from whoever has it.
    case take
}

/// What a screen may do.
public enum ScreenRole: Sendable, Hashable {
    /// Everything.
    case control
    /// To look, and to press the emergency stop. Named is who has control, if anybody.
    case watch(holder: String?)
}

/// Who among the screens of an engine may change something: one at most.
struct ControlDesk {
    /// One screen.
    private struct Entry {
        let id: UInt64
        let name: String
        var wish: ScreenWish
    }

    private var entries: [Entry] = []
    private var nextID: UInt64 = 1
    /// Who has control.
    private(set) var holder: UInt64?

    /// A screen comes.
    ///
    /// - Returns: its number.
    mutating func enter(_ name: String, _ wish: ScreenWish) -> UInt64 {
        let id = nextID
        nextID += 1
        entries.append(Entry(id: id, name: name, wish: wish))
        if wish == .take || wish == .control && holder == nil { holder = id }
        return id
    }

    /// A screen goes. Control falls to the one that has waited longest for it.
    mutating func leave(_ id: UInt64) {
        entries.removeAll { $0.id == id }
        guard holder == id else { return }
        holder = entries.first { $0.wish != .watch }?.id
    }

    /// What a screen may do; one that is not here any more may look.
    func role(of id: UInt64) -> ScreenRole {
        if holder == id { return .control }
        return .watch(holder: entries.first { $0.id == holder }?.name)
    }

    /// Whether a screen may say what the next one is to look like: the one in control, or any where none is.
    func mayKeepView(_ id: UInt64) -> Bool { holder == nil || holder == id }

    /// The screens in the order in which they came.
    var screens: [(name: String, isInControl: Bool)] { entries.map { ($0.name, $0.id == holder) } }

    /// Why a screen may not change anything, in a sentence that says what to do.
    func refusal(of id: UInt64) -> String {
        if case .watch(let name?) = role(of: id) {
            return "this screen only watches: \(name) has control; 'wick attach --take' takes it over"
        }
        return "this screen only watches, and nobody has control: 'wick attach' takes it"
    }
}
