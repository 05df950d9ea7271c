import Dispatch
import Glibc
import Ingestion
import Market
import Synchronization

/// A capture that goes on until it is told to end, its time is over, or the disk fails.
///
/// - Precondition: SIGTERM and SIGINT were held back until now, see ``HeldSignals``.
final class CaptureRun {
    /// What kept the market from being heard last, in words.
    private(set) var lastTrouble: String?

    private let market: LiveMarket
    private let writer: CaptureWriter
    private let line: ProgressLine
    private let end = DispatchSemaphore(value: 0)
    private let sources: [any DispatchSourceSignal]
    private let isForPrograms: Bool

    init(_ market: LiveMarket, _ writer: CaptureWriter, isForPrograms: Bool) {
        self.market = market
        self.writer = writer
        self.isForPrograms = isForPrograms
        let names = market.instruments.map(\.symbol)
        line = ProgressLine(names.count > 2 ? "\(names.count) symbols" : names.joined(separator: ", "))
        let end = end
        sources = [SIGTERM, SIGINT].map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { end.signal() }
            source.resume()
            return source
        }
    }

    /// Captures; nothing is lost of what was heard by the end.
    ///
    /// - Parameter seconds: for how long; `nil` until it is told to end.
    func wait(seconds: Int64?) -> CaptureReport {
        let clock = ContinuousClock()
        let begin = clock.now
        let from = Environment.now
        if !isForPrograms { Output.line("capturing to \(writer.path); Ctrl-C ends it") }
        market.open(wake: {})
        var last = (time: begin, messages: Int64(0))
        var rate = 0.0
        while end.wait(timeout: .now() + .milliseconds(200)) == .timedOut {
            listen()
            let progress = writer.progress
            if progress.problem != nil { break }
            let now = clock.now
            if now - last.time >= .seconds(1) {
                let passed = (now - last.time) / .seconds(1)
                rate = Double(progress.messages - last.messages) / passed
                last = (now, progress.messages)
            }
            line.show(nil, CaptureReport.text(progress, rate: rate, gaps: market.gaps, trouble: lastTrouble))
            if let seconds, now - begin >= .seconds(seconds) { break }
        }
        // The end of its own connections is no gap.
        let gaps = market.gaps
        market.close()
        line.clear()
        for source in sources { source.cancel() }
        return CaptureReport(
            writer, market, gaps: gaps, from: from, to: Environment.now, seconds: (clock.now - begin) / .seconds(1))
    }

    /// Takes what the market has said; of that only its troubles are of interest here.
    private func listen() {
        var updates: [LiveUpdate] = []
        market.take(into: &updates)
        for update in updates {
            switch update {
            case .link(.live): lastTrouble = nil
            case .link(.lost(let reason)): say(reason)
            case .remark(_, let text, _): say(text)
            default: break
            }
        }
    }

    private func say(_ text: String) {
        guard text != lastTrouble else { return }
        lastTrouble = text
        line.clear()
        Output.error("wick: " + Table.plain(text))
    }
}

/// What a capture is called when nobody says it.
enum CaptureName {
    /// `BINANCE-BTCUSDT-20240808T235414123Z.wickcap`; without symbols, or with many, they are not named.
    static func at(_ time: Timestamp, of symbols: [String] = []) -> String {
        let clock = Timestamp(milliseconds: time.milliseconds).description.filter { $0.isNumber || $0 == "T" }
        let names = symbols.count > 3 ? ["\(symbols.count)symbols"] : symbols
        return (["BINANCE"] + names + [clock + "Z"]).joined(separator: "-") + CapturePath.suffix
    }
}

/// What came of a capture.
struct CaptureReport {
    var file: String
    var parts: Int
    var symbols: [String]
    var from: String
    var to: String
    var seconds: Double
    var messages: Int64
    var bytes: Int64
    var written: Int64
    /// Messages that were left out because the disk did not follow.
    var lost: Int64
    /// How often updates of a book were missing or the connection was lost.
    var gaps: Int
    var problem: String?

    init(
        _ writer: CaptureWriter, _ market: LiveMarket, gaps: Int, from: Timestamp, to: Timestamp, seconds: Double
    ) {
        let progress = writer.progress
        file = writer.path
        parts = progress.parts
        symbols = market.instruments.map(\.name)
        self.from = from.description
        self.to = to.description
        self.seconds = seconds
        messages = progress.messages
        bytes = progress.bytes
        written = progress.written
        lost = progress.lost
        self.gaps = gaps
        problem = progress.problem
    }

    /// For people.
    func print() {
        let times = written > 0 ? Double(bytes) / Double(written) : 0
        var pairs = [
            ("file", parts > 1 ? "\(file) and \(parts - 1) more" : file),
            ("markets", symbols.joined(separator: ", ")), ("span", "\(from) to \(to)"),
            ("messages", "\(messages), \(Figures.bytes(UInt64(bytes)))"),
            ("on the disk", "\(Figures.bytes(UInt64(written))), \(Figures.decimal(times, 1)) times smaller"),
            ("gaps", gaps == 0 ? "none" : "\(gaps)"),
        ]
        if lost > 0 { pairs.append(("left out", "\(lost) messages: the disk did not follow")) }
        Output.pairs(pairs)
    }

    /// How far a capture has come, in a few words.
    static func text(_ progress: CaptureWriter.Progress, rate: Double, gaps: Int, trouble: String?) -> String {
        var text =
            "\(progress.messages) messages, \(Figures.bytes(UInt64(progress.bytes))), \(Figures.decimal(rate, 0))/s, "
            + (gaps == 1 ? "1 gap" : "\(gaps) gaps")
        if progress.lost > 0 { text += ", \(progress.lost) left out" }
        if trouble != nil, rate == 0 { text += ", waiting for the venue" }
        return text
    }
}
