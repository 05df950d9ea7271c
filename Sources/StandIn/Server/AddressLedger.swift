/// Counts what an address asks for, and turns it away when that is too much.
///
/// Minutes begin with the clock's. Who goes on asking after being told that it was too much is banned: two minutes, then
/// twice as long each time, three days at most.
struct AddressLedger: Sendable {
    /// How many requests may come after the first refusal of a minute before the address is banned.
    static let patience = 20

    private struct Entry {
        var minute: Int64 = -1
        var weight: Int64 = 0
        var fiveMinutes: Int64 = -1
        var raw: Int64 = 0
        var attempts = 0
        var refusals = 0
        var bannedUntil: Int64 = 0
        var bans = 0
    }

    private let limits: ExchangeLimits
    private var entries: [String: Entry] = [:]

    init(_ limits: ExchangeLimits) { self.limits = limits }

    /// Counts a request that comes in, before it is looked at.
    ///
    /// - Parameter time: in milliseconds.
    /// - Returns: why it is turned away, or `nil`.
    mutating func admit(_ address: String, weight: Int64, at time: Int64) -> APIError? {
        var entry = current(address, time)
        defer { entries[address] = entry }
        if time < entry.bannedUntil { return ban(entry, time) }
        entry.raw += 1
        let isOver = entry.weight + weight > limits.weightPerMinute
        guard isOver || entry.raw > limits.rawRequests else {
            entry.weight += weight
            return nil
        }
        entry.refusals += 1
        if entry.refusals > AddressLedger.patience {
            entry.bannedUntil = time + min(120_000 << Int64(min(entry.bans, 11)), 259_200_000)
            entry.bans += 1
            return ban(entry, time)
        }
        let end = isOver ? (entry.minute + 1) * 60_000 : (entry.fiveMinutes + 1) * 300_000
        let message =
            isOver
            ? "Too much request weight used; current limit is \(limits.weightPerMinute) request weight per 1 MINUTE. "
                + "Please use WebSocket Streams for live updates to avoid polling the API."
            : "Too many requests; current limit is \(limits.rawRequests) requests per 5 MINUTE."
        return refusal(429, message, until: end, time)
    }

    private func ban(_ entry: Entry, _ time: Int64) -> APIError {
        refusal(
            418,
            "Way too much request weight used; IP banned until \(entry.bannedUntil). "
                + "Please use WebSocket Streams for live updates to avoid bans.",
            until: entry.bannedUntil, time)
    }

    /// A refusal with its end, as both ways of asking tell it.
    func refusal(_ status: Int, _ message: String, until end: Int64, _ time: Int64) -> APIError {
        var error = APIError(-1003, message, status: status)
        error.retryAfter = max(1, (end - time + 999) / 1_000)
        error.data = .object {
            $0.add("serverTime", time: time)
            $0.add("retryAfter", time: end)
        }
        return error
    }

    /// Gives weight back: a request that succeeded and costs nothing then.
    mutating func refund(_ address: String, weight: Int64, at time: Int64) {
        var entry = current(address, time)
        entry.weight = max(0, entry.weight - weight)
        entries[address] = entry
    }

    /// Counts an attempt to connect; whether it is one too many.
    mutating func connect(_ address: String, at time: Int64) -> Bool {
        var entry = current(address, time)
        entry.attempts += 1
        entries[address] = entry
        return entry.attempts > limits.connections
    }

    /// The weight of the running minute.
    func used(_ address: String, at time: Int64) -> Int64 {
        guard let entry = entries[address], entry.minute == time / 60_000 else { return 0 }
        return entry.weight
    }

    private mutating func current(_ address: String, _ time: Int64) -> Entry {
        var entry = entries[address] ?? Entry()
        if entry.minute != time / 60_000 {
            entry.minute = time / 60_000
            entry.weight = 0
            entry.refusals = 0
        }
        if entry.fiveMinutes != time / 300_000 {
            entry.fiveMinutes = time / 300_000
            entry.raw = 0
            entry.attempts = 0
        }
        return entry
    }
}
