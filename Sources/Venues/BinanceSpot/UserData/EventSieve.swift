import Market

/// Lets each report of an order through once, and none that was overtaken.
///
/// A trade passes whatever was told before, unless the same one passed already: a fill is never lost to the order in which
/// reports arrive. Of everything else the last word counts: what an order was before it ended or filled further is not told
/// after that. Remembers the last orders and trades only; whoever reads events keeps trades by their numbers, too.
struct EventSieve {
    /// What is known of an order.
    private struct Known {
        var executed = Quantity.zero
        var hasEnded = false
        var lastAmendment: Int64 = -1
    }

    private struct OrderKey: Hashable {
        var symbol: String
        var id: Int64
    }

    /// Two orders of one account that trade with each other tell of one trade.
    private struct ExecutionKey: Hashable {
        var order: OrderKey
        var kind: ExecutionReport.Execution
        var id: Int64
    }

    /// How many reports did not pass because the same one had.
    private(set) var repeated = 0
    /// How many did not pass because a later one had.
    private(set) var overtaken = 0
    private var orders: Recent<OrderKey, Known>
    private var seen: Recent<ExecutionKey, Bool>

    init(capacity: Int = 16_384) {
        orders = Recent(capacity: capacity)
        seen = Recent(capacity: capacity * 4)
    }

    /// Whether a report is to be told. O(1).
    mutating func passes(_ report: ExecutionReport, of instrument: Instrument) -> Bool {
        let key = OrderKey(symbol: instrument.symbol, id: report.order.id)
        let number = report.trade?.id ?? report.executionID
        guard seen.insert(ExecutionKey(order: key, kind: report.execution, id: number), true) else {
            repeated += 1
            return false
        }
        var known = orders[key] ?? Known()
        defer { orders.put(key, known) }
        let isOld = report.order.executed < known.executed
        known.executed = max(known.executed, report.order.executed)
        if report.execution == .trade {
            known.hasEnded = known.hasEnded || report.order.status.isFinal
            return true
        }
        let isEnd = report.order.status.isFinal
        let isEarlierAmendment = report.execution == .replaced && report.executionID < known.lastAmendment
        if known.hasEnded || isOld && !isEnd || isEarlierAmendment {
            overtaken += 1
            return false
        }
        if report.execution == .replaced { known.lastAmendment = report.executionID }
        known.hasEnded = isEnd
        return true
    }
}

/// The last so many values by their keys; the oldest give way. O(1).
struct Recent<Key: Hashable, Value> {
    private let capacity: Int
    private var values: [Key: Value] = [:]
    private var ring: [Key] = []
    private var next = 0

    init(capacity: Int) {
        precondition(capacity > 0, "something is remembered")
        self.capacity = capacity
    }

    /// The value of a key, as long as it is among the last.
    subscript(key: Key) -> Value? { values[key] }

    /// Keeps a value in place of another.
    mutating func put(_ key: Key, _ value: Value) {
        if values.updateValue(value, forKey: key) == nil { enter(key) }
    }

    /// Keeps a value; `false` when the key has one already, and then it stays.
    mutating func insert(_ key: Key, _ value: Value) -> Bool {
        guard values[key] == nil else { return false }
        values[key] = value
        enter(key)
        return true
    }

    private mutating func enter(_ key: Key) {
        if ring.count < capacity {
            ring.append(key)
            return
        }
        values[ring[next]] = nil
        ring[next] = key
        next = (next + 1) % capacity
    }
}
