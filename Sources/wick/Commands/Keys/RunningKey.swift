import Engine
import Keys
import Storage
import Trading

/// What an engine that runs on a data directory does with a key: it reads its key once, at its start, and goes on with that
/// one whatever becomes of the key store meanwhile.
enum RunningKey: Equatable {
    /// Nothing: none runs, or it trades without this key.
    case unused
    /// It signs with it, in the process of this number.
    case used(Int32)
    /// It trades in the key's world, and which key it signs with can't be told.
    case possible(Int32)

    /// Under which name the store of an account keeps the name of the key that its engine was started with.
    static let setting = "venue.key"

    /// What the engine of a data directory does with a key; whatever can't be asked counts as use.
    static func of(_ key: StoredKey, in directory: DataDirectory) -> RunningKey {
        guard let process = EngineLock.runningEngine(in: directory) else { return .unused }
        var mode: String?
        if let engine = try? EngineClient(dataDirectory: directory.path) { mode = try? engine.status().mode }
        guard let mode else { return of(key, process, mode: nil, name: nil) }
        guard let trading = TradingMode(rawValue: mode), trading != .paper else { return .unused }
        let account = directory.account(named: TradingOpening.account(in: trading))
        let store = try? Store(directory: account)
        defer { try? store?.close() }
        return of(key, process, mode: mode, name: (try? store?.value(for: setting)) ?? nil)
    }

    /// The same of what is known of an engine: its mode and the name of its key, each `nil` where it can't be told.
    static func of(_ key: StoredKey, _ process: Int32, mode: String?, name: String?) -> RunningKey {
        if let mode, mode != key.environment.rawValue { return .unused }
        guard mode != nil, let name else { return .possible(process) }
        return name == key.name ? .used(process) : .unused
    }

    /// Refuses to forget a key that an engine signs with: once it is deleted at the venue, as it then should be, no cancel,
    /// no stop and no exit of that engine gets through.
    ///
    /// - Throws: `CommandFailure`.
    func refuseRemoval(of key: StoredKey) throws {
        let doing: String
        let process: Int32
        switch self {
        case .unused: return
        case .used(let number): (doing, process) = ("trades with it", number)
        case .possible(let number): (doing, process) = ("may trade with it", number)
        }
        throw CommandFailure(
            .temporary,
            "'\(key.name)' is not removed: the engine that runs here (process \(process)) \(doing), and would go on with it; "
                + "end it first, with 'kill \(process)', and do not delete key \(key.apiKey.masked) at the venue before that"
        )
    }

    /// What becomes of a key that another has taken the place of.
    func fate(of old: StoredKey) -> String {
        let goesOn: String
        switch self {
        case .unused: return "key \(old.apiKey.masked) is forgotten here, delete it at the venue"
        case .used(let process): goesOn = "the engine that runs here (process \(process)) goes on with it"
        case .possible(let process): goesOn = "the engine that runs here (process \(process)) may go on with it"
        }
        return
            "key \(old.apiKey.masked) is forgotten here, but \(goesOn) until it is started again: do NOT delete it at the "
            + "venue before that, or none of the engine's cancels, stops and exits gets through"
    }
}
