public import Simulation

/// What the fills of a run over a recording were made from.
public struct RecordedReport: Sendable, Hashable {
    /// The recording.
    public var name: String
    /// How queues before resting orders shortened.
    public var queue: QueueRule
    /// How many fills were made from what.
    public var fills: FillCounts
    /// How many candles orders met as bars, because the recording has no prices in their time.
    public var bars: Int
    /// What is the matter with the recording: a part that is missing, or can't be read.
    public var remarks: [String] = []

    /// How many fills no book or trade of the recording told of.
    public var fallbacks: Int { fills.quote + fills.bar }
}

extension RecordedReport {
    /// What it says, for people.
    var text: String {
        var text = "recorded books of \(name): \(fills.book) fills by levels, \(fills.trade) by trades"
        if fallbacks > 0 {
            text +=
                "; \(fallbacks) of \(fills.total) without a book: \(fills.quote) by best prices, \(fills.bar) by candles"
        }
        if bars > 0 { text += "; \(bars) candles have no prices in the recording" }
        for remark in remarks { text += "; \(remark)" }
        return text
    }
}

extension JSONText {
    /// Writes what fills were made from as a member.
    mutating func member(_ report: RecordedReport) {
        key("recorded_fills")
        begin("{")
        member("recording", report.name)
        member("queue", report.queue.rawValue)
        member("book", report.fills.book)
        member("trade", report.fills.trade)
        member("quote", report.fills.quote)
        member("bar", report.fills.bar)
        member("candles_without_prices", report.bars)
        key("remarks")
        begin("[")
        for remark in report.remarks {
            element()
            raw(JSONText.quoted(remark))
        }
        end("]")
        end("}")
    }
}
