import Market
import Trading

/// The alerts there are: equal ones collapse into one with a counter, and each is new, seen to, or put aside.
///
/// Two alerts are equal when kind, instrument and strategy are, and for alerts without a strategy the order: an order
/// that a strategy sends on every candle and that is denied every time is one alert, not sixty an hour. One that was
/// acknowledged is closed; the next equal one begins anew.
///
/// An alert has a negative number until the store has given it one.
struct AlertBook {
    /// How many are kept; beyond it those acknowledged go first, then the oldest.
    static let capacity = 500

    /// The alerts, oldest first by when they arose last.
    private(set) var views: [AlertView] = []
    private var nextNumber: Int64 = -1
    /// Store numbers of alerts that were known under a negative one.
    private var stored: [Int64: Int64] = [:]

    /// A book with what a store held.
    init(_ stored: [AlertView] = []) {
        views = stored.sorted { $0.alert.time < $1.alert.time }
    }

    /// Takes in an alert: a new one, or one more of an equal one.
    ///
    /// - Parameter number: the negative number that a new one gets; the next of the book's own when `nil`.
    /// - Returns: the number it has now.
    mutating func raise(_ alert: Alert, number given: Int64? = nil) -> Int64 {
        if let index = views.firstIndex(where: { $0.state != .acknowledged && isEqual($0.alert, alert) }) {
            var view = views.remove(at: index)
            view.alert = alert
            view.count += 1
            views.append(view)
            return view.id
        }
        let number = given ?? nextNumber
        if given == nil { nextNumber -= 1 }
        views.append(AlertView(id: number, alert: alert, count: 1, state: .unacknowledged))
        if views.count > AlertBook.capacity {
            views.remove(at: views.firstIndex { $0.state == .acknowledged } ?? 0)
        }
        return number
    }

    /// Takes note of the store's number of an alert.
    mutating func number(_ number: Int64, becomes id: Int64) {
        if number < 0 { stored[number] = id }
        guard number != id, let index = views.firstIndex(where: { $0.id == number }) else { return }
        views[index].id = id
    }

    /// Marks alerts as seen to; gives the numbers of those there were.
    mutating func acknowledge(_ ids: [Int64]) -> [Int64] {
        let wanted = ids.map { stored[$0] ?? $0 }
        var found: [Int64] = []
        for index in views.indices where wanted.contains(views[index].id) {
            views[index].state = .acknowledged
            found.append(views[index].id)
        }
        return found
    }

    /// Puts an alert out of sight until then; false when there is none of that number that waits.
    mutating func shelve(_ id: Int64, until: Timestamp) -> Bool {
        let wanted = stored[id] ?? id
        guard let index = views.firstIndex(where: { $0.id == wanted && $0.state != .acknowledged }) else {
            return false
        }
        views[index].state = .shelved(until: until)
        return true
    }

    /// Takes over states that another process set: `standing` are all that are not acknowledged in the store.
    ///
    /// - Returns: whether anything changed.
    mutating func adopt(_ standing: [Int64: AlertState]) -> Bool {
        var isChanged = false
        for index in views.indices where views[index].id > 0 {
            let state = standing[views[index].id] ?? .acknowledged
            if views[index].state != state {
                views[index].state = state
                isChanged = true
            }
        }
        return isChanged
    }

    /// Brings back shelved alerts whose time has come; true when there were any.
    mutating func unshelve(now: Timestamp) -> Bool {
        var isChanged = false
        for index in views.indices {
            if case .shelved(let until) = views[index].state, until <= now {
                views[index].state = .unacknowledged
                isChanged = true
            }
        }
        return isChanged
    }

    private func isEqual(_ a: Alert, _ b: Alert) -> Bool {
        a.kind == b.kind && a.instrument == b.instrument && a.strategy == b.strategy
            && (a.strategy != nil || a.order == b.order)
    }
}

/// Levels at which a price alert goes off, once each.
struct PriceAlerts {
    /// A level and the side from which the price comes.
    struct Level: Hashable {
        var instrument: InstrumentID
        var price: Price
        /// Whether the price stood below the level when it was set.
        var firesAbove: Bool
    }

    private(set) var levels: [Level] = []

    /// No levels.
    init() {}

    /// Waits for the price to reach `price` from where it is now.
    mutating func add(_ instrument: InstrumentID, _ price: Price, last: Price?) {
        let level = Level(instrument: instrument, price: price, firesAbove: (last ?? .zero) < price)
        if !levels.contains(level) { levels.append(level) }
    }

    /// Puts back a level that a store held.
    mutating func restore(_ level: Level) {
        if !levels.contains(level) { levels.append(level) }
    }

    /// The levels that a trade at `price` reaches; they are taken out.
    mutating func take(_ instrument: InstrumentID, at price: Price) -> [Level] {
        if levels.isEmpty { return [] }
        var reached: [Level] = []
        levels.removeAll { level in
            let isReached =
                level.instrument == instrument
                && (level.firesAbove ? price >= level.price : price <= level.price)
            if isReached { reached.append(level) }
            return isReached
        }
        return reached
    }
}

extension PriceAlerts {
    /// The key that the levels are kept under in the store.
    static let key = "engine.price-alerts"

    /// The levels as text: `BINANCE:BTCUSDT above 65000`, one a line.
    func text(_ instruments: [Instrument]) -> String {
        levels.map { level in
            let instrument = instruments[level.instrument.index]
            return "\(instrument.name) \(level.firesAbove ? "above" : "below") \(instrument.text(level.price))"
        }.joined(separator: "\n")
    }

    /// The levels of a text; lines that say nothing sensible are left out.
    init(text: String, _ instruments: [Instrument]) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, let index = instruments.firstIndex(where: { $0.name == words[0] }),
                let price = try? instruments[index].price(words[2]), words[1] == "above" || words[1] == "below"
            else { continue }
            restore(Level(instrument: InstrumentID(index), price: price, firesAbove: words[1] == "above"))
        }
    }
}

/// The short messages for toasts, numbered.
struct NoticeBoard {
    private static let capacity = 50
    private(set) var notices: [Notice] = []
    private var nextNumber: UInt64 = 1

    /// Adds a message.
    mutating func post(_ kind: Notice.Kind, _ text: String) {
        notices.append(Notice(number: nextNumber, kind: kind, text: text))
        nextNumber += 1
        if notices.count > NoticeBoard.capacity { notices.removeFirst(notices.count - NoticeBoard.capacity) }
    }
}
