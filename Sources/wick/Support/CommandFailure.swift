import Backtesting
import Engine
import Glibc
import Ingestion
import Journal
import Keys
import Settings
import Storage
import Venues

/// How a command ends when it could not do what it was asked: the codes of sysexits(3).
enum ExitStatus: Int32 {
    /// The request was understood and refused: an order denied, a position that is not there.
    case refused = 1
    /// The command line is wrong (EX_USAGE).
    case usage = 64
    /// The data of a file are wrong (EX_DATAERR).
    case data = 65
    /// A file is not there or can't be read (EX_NOINPUT).
    case noInput = 66
    /// A service is not there: no running engine, no terminal (EX_UNAVAILABLE).
    case unavailable = 69
    /// Something that must not happen happened (EX_SOFTWARE).
    case software = 70
    /// A file can't be made (EX_CANTCREAT).
    case cannotCreate = 73
    /// Reading or writing failed (EX_IOERR).
    case inputOutput = 74
    /// Try again later: somebody else holds it (EX_TEMPFAIL).
    case temporary = 75
    /// A pass phrase is wrong, or a file is open to others (EX_NOPERM).
    case noPermission = 77
    /// The configuration is wrong (EX_CONFIG).
    case configuration = 78
    /// It was told to end by SIGINT or SIGTERM, and did after keeping what was done (128 + 2).
    case interrupted = 130
}

/// Ends a command: a message on standard error, and a status.
struct CommandFailure: Error, CustomStringConvertible {
    var status: Int32
    /// What happened and what to do, one problem a line; empty when everything has been said.
    var description: String

    init(_ status: ExitStatus, _ message: String = "") {
        self.init(code: status.rawValue, message)
    }

    private init(code: Int32, _ message: String) {
        status = code
        description = message
    }

    /// Several problems of the command line at once.
    init(usage problems: [String]) {
        self.init(.usage, problems.joined(separator: "\n"))
    }

    /// Several problems of the command line at once, of which some are files that can't be read: where nothing else is wrong,
    /// the command line is right.
    init(usage problems: [String], unreadable: [String]) {
        self.init(problems.allSatisfy(unreadable.contains) ? .noInput : .usage, problems.joined(separator: "\n"))
    }

    /// The failure that an error of a library means, or `nil` when it is none of theirs.
    init?(reason: any Error) {
        switch reason {
        case let failure as CommandFailure: self = failure
        case let error as StoreError:
            self.init(code: error.exitCode, error.description)
        case let error as IngestionError:
            self.init(code: error.exitCode, error.description)
        case let error as MarketOpening.NoAnswer: self.init(.unavailable, error.description)
        case let error as VenueError:
            self.init(code: error.exitCode, error.description)
        case let error as KeyStoreError:
            self.init(code: error.exitCode, error.description)
        case let error as JournalError:
            self.init(code: error.exitCode, error.description)
        case let error as SettingsError: self.init(.configuration, error.description)
        case let error as EngineClientError: self.init(error)
        case let error as EngineError: self.init(error)
        case .cancelled as BacktestError:
            self.init(.temporary, "the backtest was cancelled")
        case .invalid(let problems) as BacktestError:
            self.init(usage: problems.map { "--" + $0 })
        default: return nil
        }
    }

    private init(_ error: EngineClientError) {
        let status: ExitStatus
        switch error {
        case .noEngine: status = .unavailable
        case .timedOut: status = .temporary
        case .unreachable: status = .inputOutput
        case .refused(let failure):
            switch failure.code {
            case .invalidArgument: status = .usage
            case .refused: status = .refused
            case .unavailable: status = .temporary
            case .malformed, .tooLong, .unknownCommand: status = .software
            }
        }
        self.init(status, error.description)
    }

    private init(_ error: EngineError) {
        let status: ExitStatus
        switch error {
        case .alreadyRunning: status = .temporary
        case .unusableDirectory: status = .cannotCreate
        case .store, .system: status = .inputOutput
        case .configuration: status = .configuration
        case .noRecording: status = .noInput
        case .journal: status = .data
        }
        self.init(status, error.description)
    }

    /// Prints the message and ends the process.
    func end() -> Never {
        if !description.isEmpty {
            for line in description.split(separator: "\n") { Output.error("wick: " + line) }
        }
        exit(status)
    }
}
