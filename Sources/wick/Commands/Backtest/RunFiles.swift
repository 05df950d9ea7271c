import Backtesting
import Engine
import Ingestion

/// The files that a run is asked to write, opened before it is played: what can't be written is known at once.
struct RunFiles: ~Copyable {
    private var trades: OutputFile?
    private var equity: OutputFile?
    private let command: RunOrigin.Command

    /// Opens them.
    ///
    /// - Throws: `IngestionError` for what can't be written.
    init(trades: String?, equity: String?, of command: RunOrigin.Command) throws {
        self.trades = try trades.map { try OutputFile(path: $0) }
        self.equity = try equity.map { try OutputFile(path: $0) }
        self.command = command
    }

    /// What a run was made from with the command that it was started by, for those who see its files and not its history.
    func told(_ origin: RunOrigin) -> RunOrigin {
        var told = origin
        told.words = RunWords.current(command)
        return told
    }

    /// Writes the round trips and the curve, each with what it was made from.
    ///
    /// - Parameters:
    ///   - trips: the round trips as CSV.
    ///   - curve: the equity; `nil` where none was kept.
    mutating func write(trips: String, _ curve: EquityCurve?, madeFrom origin: RunOrigin) throws {
        let told = told(origin)
        let label = told.label(command: RunWords.command(told))
        try trades?.write(label.stamped(trips).utf8)
        try trades?.finish()
        guard equity != nil, let curve else { return }
        try curve.writeJSON(label: label) { (piece: String) throws(IngestionError) in try equity?.write(piece.utf8) }
        try equity?.finish()
    }
}
