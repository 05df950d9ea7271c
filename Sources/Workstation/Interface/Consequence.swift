import Engine
import Market
import Trading

/// What a handled action asks for beyond the view state: the reducer interprets it, nobody else acts.
enum Consequence: Sendable {
    /// Sent at once: for what is safe or reversible (tier 0).
    case request(EngineRequest)
    /// Asked first, in the form that the tier demands; sent when confirmed.
    case confirm(Confirmation)
    /// A short message.
    case toast(Toast.Kind, String)
    /// A form over everything.
    case form(any FormModel)
    /// Lines of detail over everything, kept current from the snapshot while they are open.
    case detail(any DetailModel)
    /// Text for the clipboard of the person's terminal.
    case copy(String)
    /// A dialog or prompt of one's own.
    case layer(any Layer)
    /// Another pane.
    case focus(PaneID)
    /// Makes the symbol current everywhere.
    case symbol(InstrumentID)
    /// Shows candles of this length.
    case timeframe(Timeframe)
    /// Looks at a theme without choosing it; `nil` ends that.
    case previewTheme(String?)
    /// Chooses a theme.
    case theme(String)
    /// Chooses a layout.
    case preset(Arrangement.Preset)
    /// The text of a list's filter, as it is typed.
    case setFilter(PaneID, String)
    /// Ends the screen.
    case exit(ExitReason)
    /// Remembers a line of the palette.
    case remember(String)
    /// These, unless the order keys are locked.
    case ifTrade([Consequence])
    /// Any other action of the binding table.
    case action(Action)
    /// Offers to undo what has just been done: its words, and what `u` does.
    case undoable(String, [Consequence])
    /// Reads the strategy classes and stored series into `view.catalog` anew.
    case reloadCatalog
}

/// How much a thing must be confirmed.
enum ConfirmationTier: Int, Sendable, Hashable, Comparable {
    /// Done at once, with a toast.
    case immediate = 0
    /// One line at the bottom; only `y` confirms.
    case line = 1
    /// A dialog that names everything; a given word is typed.
    case typed = 2

    static func < (a: ConfirmationTier, b: ConfirmationTier) -> Bool { a.rawValue < b.rawValue }
}

/// A question before something is sent. Its target is fixed when the question is made; it is never looked up again.
struct Confirmation: Sendable {
    /// How it is asked.
    var tier: ConfirmationTier
    /// `Cancel order 12`, without a question mark.
    var title: String
    /// What will happen, a fact per line: account, venue, symbol, side, size, notional, fee, effect on exposure.
    var facts: [Fact]
    /// The word to type in tier 2: the size, the symbol or `LIVE`.
    var word: String
    /// What is sent when confirmed.
    var request: EngineRequest
    /// What is sent when a reason is typed behind the word, where one must be; takes the reason.
    var reasoned: (@Sendable (String) -> EngineRequest)?

    /// A question of its parts.
    init(
        tier: ConfirmationTier, title: String, facts: [Fact] = [], word: String = "", request: EngineRequest,
        reasoned: (@Sendable (String) -> EngineRequest)? = nil
    ) {
        self.tier = tier
        self.title = title
        self.facts = facts
        self.word = word
        self.request = request
        self.reasoned = reasoned
    }

    /// What is sent for what was typed; `nil` for what confirms nothing.
    func request(typed text: String) -> EngineRequest? {
        guard let reasoned else { return text == word ? request : nil }
        guard text.hasPrefix(word + " ") else { return nil }
        let words = text.dropFirst(word.count).split(separator: " ")
        return words.isEmpty ? nil : reasoned(words.joined(separator: " "))
    }

    /// One labelled line.
    struct Fact: Sendable, Hashable {
        var label: String
        var value: String

        init(_ label: String, _ value: String) {
            self.label = label
            self.value = value
        }
    }
}

/// A short message above the hint bar.
struct Toast: Sendable, Hashable {
    /// How it looks and how long it stays.
    enum Kind: Sendable, Hashable {
        case info, good, warning, error, fill

        /// Seconds on the screen.
        var seconds: Int64 {
            switch self {
            case .info, .good: 2
            case .warning, .error: 4
            case .fill: 6
            }
        }
    }

    /// Its kind.
    var kind: Kind
    /// Its text.
    var text: String
    /// When it goes.
    var until: Timestamp
}
