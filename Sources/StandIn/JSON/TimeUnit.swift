import Market

/// The unit in which a client wants its times.
enum TimeUnit: Sendable, Hashable {
    case millisecond
    case microsecond

    /// The unit of a name as clients send it, in capitals or without; milliseconds when none was sent.
    init(_ name: String?) throws(APIError) {
        switch name {
        case nil, "MILLISECOND", "millisecond": self = .millisecond
        case "MICROSECOND", "microsecond": self = .microsecond
        default: throw APIError(-1194, "Invalid value for time unit; expected either MICROSECOND or MILLISECOND.")
        }
    }

    /// The unit that `timeUnit` of a query names.
    init(query: String) throws(APIError) {
        let pair = query.split(separator: "&").first { $0.hasPrefix("timeUnit=") }
        try self.init(pair.map { String($0.dropFirst(9)) })
    }

    /// How many of the unit are over after so many microseconds.
    func count(_ microseconds: Int64) -> Int64 {
        self == .microsecond ? microseconds : microseconds.floorDivided(by: 1_000)
    }
}

extension Int64 {
    fileprivate func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
        return rest < 0 ? quotient - 1 : quotient
    }
}

extension JSONValue {
    /// A time of the exchange's own, whose clock goes by milliseconds. What is negative is none, and stays as it is.
    static func time(milliseconds: Int64) -> JSONValue {
        milliseconds < 0 ? .integer(milliseconds) : .time(milliseconds * 1_000)
    }

    /// A time of the market.
    static func time(_ time: Timestamp) -> JSONValue { .time(time.nanoseconds.floorDivided(by: 1_000)) }

    /// The last moment of what ends at `end`: a unit before it, whatever the unit.
    static func time(before end: Timestamp) -> JSONValue { .time(end.nanoseconds.floorDivided(by: 1_000) - 1) }
}

extension JSONMembers {
    mutating func add(_ name: String, time milliseconds: Int64) { add(name, .time(milliseconds: milliseconds)) }
    mutating func add(_ name: String, time: Timestamp) { add(name, .time(time)) }
    mutating func add(_ name: String, before end: Timestamp) { add(name, .time(before: end)) }
}
