import Market
import Venues

/// A recording in plain text, packed by gzip or not: a line a message, the time of receipt in nanoseconds, a blank, the
/// JSON as it came. An answer to a question for the book (`{"lastUpdateId":…`) may stand among them.
///
/// It holds what somebody subscribed to, and nothing of connections: one is taken to last from beginning to end, and
/// seconds are counted by the times of the lines.
final class RecordedText: RecordedMarket {
    let head: CaptureHead
    let begin: Timestamp
    let end: Timestamp
    let hasMinutes: Bool
    private(set) var remark: String?

    private let path: String
    private let lines: LineReader
    private var held: [CaptureEntry]
    private var second: Int64
    private var upcoming: CaptureEntry?
    private var unreadable = 0

    /// A book with a thousand levels a side takes some seventy thousand bytes.
    static let longestLine = (1 << 20) - 1
    /// With more seconds between two lines, they are passed over.
    private static let mostTicks: Int64 = 120

    /// Opens a recording; it is read through once, to know what it is of and how long it lasts.
    ///
    /// - Parameter known: instruments with their rules; what is not among them gets those that its numbers show.
    /// - Throws: `IngestionError`.
    init(_ path: String, known: [Instrument]) throws(IngestionError) {
        self.path = path
        let survey = try RecordedTextSurvey(path, known: known)
        (begin, end, hasMinutes) = (survey.begin, survey.end, survey.hasMinutes)
        head = CaptureHead(
            venue: RecordedTextSurvey.venue, account: "", instruments: survey.instruments,
            next: survey.instruments.map { _ in nil }, begin: survey.begin.nanoseconds)
        lines = try LineReader(try ByteSource(path: path), longestLine: RecordedText.longestLine)
        held = [CaptureEntry(time: survey.begin, kind: .open, number: 1)]
        second = survey.begin.seconds
    }

    func next() throws(IngestionError) -> CaptureEntry? {
        if !held.isEmpty { return held.removeFirst() }
        if upcoming == nil { upcoming = try read() }
        guard let entry = upcoming else { return nil }
        if entry.time.seconds > second {
            second = max(second + 1, entry.time.seconds - RecordedText.mostTicks)
            return CaptureEntry(time: Timestamp(seconds: second), kind: .tick)
        }
        upcoming = nil
        return entry
    }

    private func read() throws(IngestionError) -> CaptureEntry? {
        while true {
            let (isThere, bytes) = try lines.next()
            guard isThere else { break }
            guard let bytes, let (time, message) = RecordedText.parts(bytes) else {
                if bytes?.isEmpty != true { unreadable += 1 }
                continue
            }
            if RecordedText.isBook(message) {
                // Of several markets nobody knows whose it is.
                guard head.instruments.count == 1 else { continue }
                return CaptureEntry(time: time, kind: .book, number: 0, arguments: [0], bytes: Array(message))
            }
            return CaptureEntry(time: time, kind: .text, number: 1, bytes: Array(message))
        }
        if let damage = lines.source.damage {
            remark = "the recording was not ended in order: \(damage); it could be played to where that shows"
        } else if unreadable > 0 {
            remark = "\(unreadable) lines of the recording are no time and message and were passed over"
        }
        return nil
    }

    /// The time and the message of a line; `nil` when it is none.
    static func parts(_ line: UnsafeRawBufferPointer) -> (time: Timestamp, message: UnsafeRawBufferPointer)? {
        var value: Int64 = 0
        var index = 0
        // Nineteen digits reach to the year 2262.
        while index < line.count, index < 19, (0x30...0x39).contains(line[index]) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int64(line[index] - 0x30))
            if overflow || carry { return nil }
            value = sum
            index += 1
        }
        let time = Timestamp(nanoseconds: value)
        guard index > 0, index + 1 < line.count, line[index] == 0x20, line[index + 1] == 0x7B,
            Timestamp.plausible.contains(time)
        else { return nil }
        return (time, UnsafeRawBufferPointer(rebasing: line[(index + 1)...]))
    }

    /// Whether a message is the answer to a question for the book.
    static func isBook(_ message: UnsafeRawBufferPointer) -> Bool {
        message.starts(with: Array("{\"lastUpdateId\"".utf8))
    }
}
