import ArgumentParser
import Storage

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
    /// Not allowed (EX_NOPERM).
    case noPermission = 77
    /// The configuration is wrong (EX_CONFIG).
    case configuration = 78
}

/// Ends a command: one message on standard error, and a status.
struct CommandFailure: Error, CustomStringConvertible {
    var status: Int32
    var description: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status.rawValue
        description = message
    }

    init(_ error: StoreError) {
        status = error.exitCode
        description = error.description
    }
}
