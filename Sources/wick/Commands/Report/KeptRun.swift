import Engine
import Market
import Storage
import Trading

/// A run that is kept, as the command that runs it again.
struct KeptRun {
    let record: BacktestRecord
    let origin: RunOrigin
    private let data: DataOptions
    private let kept: KeptWords

    /// The run of a record.
    ///
    /// - Throws: `CommandFailure` when a file of it is gone and nothing was kept of it.
    init(_ record: BacktestRecord, _ origin: RunOrigin, _ data: DataOptions) throws {
        self.record = record
        self.origin = origin
        self.data = data
        kept = try KeptWords(origin)
    }

    /// What is not as it was of the files that it names.
    var remarks: [String] { kept.remarks }

    /// The command, over the very stretch of the run.
    ///
    /// - Throws: `CommandFailure` when this release doesn't understand it.
    func command() throws -> BacktestRunCommand {
        var command: BacktestRunCommand
        do {
            command = try BacktestRunCommand.parse(kept.words)
        } catch {
            throw CommandFailure(
                .data,
                "backtest \(record.id) was asked for in words that this release does not know: "
                    + BacktestRunCommand.message(for: error))
        }
        command.data = data
        command.isForgotten = true
        // Rules are their own name; their file may say other things by now.
        command.setup.strategy = record.className
        command.setup.rules.file = nil
        command.source.timeframe = record.timeframe.description
        // Minutes that came later are not those of the run.
        if origin.strategies != nil, origin.detailHash == nil {
            command.source.detail.detail = DetailChoice.none.rawValue
        }
        if let (from, to) = record.span {
            command.source.span.from = from
            command.source.span.to = to
        }
        return command
    }

    /// The candles of the run as they are today, in the shares of its end.
    func candles() throws -> CandleSeries {
        let command = try command()
        var request = try command.request()
        request.detail = .none
        let line = ProgressLine("candles")
        if request.book != nil { return try command.source.captured(request, data, line).series }
        return try command.source.candles(
            request, assuming: command.setup.text.assumptions, data, line
        ).series
    }
}

extension BacktestRecord {
    /// From the open of the first candle to the close of the last.
    var span: (from: String, to: String)? {
        guard case .object(let members)? = JSONValue(text: result), case .string(let from)? = members["from"],
            case .string(let to)? = members["to"]
        else { return nil }
        return (from, to)
    }
}
