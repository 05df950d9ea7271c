import Market

/// One thing that a followed market met, as a capture keeps it: enough to let a market meet it again.
///
/// In the file it is a line of text and the bytes behind it, so that a capture that is unpacked can be read by eye:
///
/// ```
/// 1723161254123456789 text 1 187
/// {"stream":"btcusdt@trade","data":{…}}
/// ```
///
/// The line holds the time of receipt in nanoseconds, the kind, the number of the connection or the place of the
/// instrument, the count of bytes, and for some kinds further numbers.
struct CaptureEntry: Equatable {
    /// What it is.
    enum Kind: String, CaseIterable {
        /// What follows is of this capture; the bytes are a `CaptureHead`. The first of each part.
        case capture
        /// A connection is being made.
        case open
        /// It could not be made; the bytes say why.
        case failed
        /// It has ended; the bytes say why.
        case closed
        /// A message on it.
        case text
        /// A book that was asked for; one further number, the levels a side that were asked for.
        case book
        /// Minutes that were asked for; two further numbers, from when to when.
        case minutes
        /// Minutes that could not be had; the same further numbers.
        case noMinutes = "no-minutes"
        /// Trades that were asked for; two further numbers, from which number on, and 1 where the answer was full.
        case trades
        /// Trades that could not be had; the same further numbers.
        case noTrades = "no-trades"
        /// A second has passed.
        case tick
        /// As many messages as the number says are missing here: the disk did not follow.
        case lost

        /// How many further numbers it has.
        var argumentCount: Int {
            switch self {
            case .book: 1
            case .minutes, .noMinutes, .trades, .noTrades: 2
            default: 0
            }
        }

        /// Whether those are times.
        fileprivate var hasTimes: Bool { self == .minutes || self == .noMinutes }
    }

    /// When it was received.
    var time: Timestamp
    /// What it is.
    var kind: Kind
    /// The connection's number or the instrument's place.
    var number = 0
    /// Further numbers.
    var arguments: [Int64] = []
    /// The bytes.
    var bytes: [UInt8] = []

    /// The most bytes of an entry that is read; no message of a venue comes near it.
    static let mostBytes = 64 << 20
    /// The longest first line.
    static let longestLine = 160

    /// Appends the form in the file.
    @inline(__always)
    static func append(
        _ kind: Kind, _ number: Int, _ arguments: [Int64], _ bytes: UnsafeRawBufferPointer, at time: Timestamp,
        to buffer: inout [UInt8]
    ) {
        append(time.nanoseconds, to: &buffer)
        buffer.append(0x20)
        buffer.append(contentsOf: kind.rawValue.utf8)
        buffer.append(0x20)
        append(Int64(number), to: &buffer)
        buffer.append(0x20)
        append(Int64(bytes.count), to: &buffer)
        for argument in arguments {
            buffer.append(0x20)
            append(argument, to: &buffer)
        }
        buffer.append(0x0A)
        buffer.append(contentsOf: bytes)
        buffer.append(0x0A)
    }

    private static func append(_ number: Int64, to buffer: inout [UInt8]) {
        if number < 0 { buffer.append(0x2D) }
        let start = buffer.count
        var rest = number.magnitude
        repeat {
            buffer.append(0x30 + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        buffer[start...].reverse()
    }

    /// What the first line of an entry says.
    ///
    /// - Returns: the entry without its bytes, and how many those are; `nil` for what is no such line.
    static func head(_ line: UnsafeRawBufferPointer) -> (entry: CaptureEntry, count: Int)? {
        let words = String(decoding: line, as: UTF8.self).split(separator: " ", omittingEmptySubsequences: false)
        guard words.count >= 4, let kind = Kind(rawValue: String(words[1])), words.count == 4 + kind.argumentCount,
            let time = Int64(words[0]), let number = Int(words[2]), number >= 0, let count = Int(words[3]),
            (0...mostBytes).contains(count)
        else { return nil }
        let arguments = words[4...].compactMap { Int64($0) }
        guard arguments.count == kind.argumentCount else { return nil }
        let stamp = Timestamp(nanoseconds: time)
        // A time that no clock shows would overflow whatever reckons with it.
        guard Timestamp.plausible.contains(stamp) else { return nil }
        let most = kind.hasTimes ? Timestamp.plausible.upperBound.nanoseconds : .max
        guard arguments.allSatisfy({ $0 >= 0 && $0 < most }) else { return nil }
        return (CaptureEntry(time: stamp, kind: kind, number: number, arguments: arguments), count)
    }
}
