import Bytes
import Market
import Trading

/// What an exchange brings forth for others to keep and to show.
enum ExchangeOutput {
    /// Something the kernel has written down.
    case record(Record, sequence: UInt64)
    /// Something a person should know.
    case alert(Alert, sequence: UInt64)
    /// The account as an input left it.
    case account(AccountPoint, at: Timestamp, sequence: UInt64)
}

/// The account at an instant.
struct AccountPoint {
    /// The account.
    var account: Account
    /// Whether it is a point of the equity curve.
    var isEquityPoint: Bool
}

extension AccountPoint: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(account)
        writer.bool(isEquityPoint)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        account = try reader.value()
        isEquityPoint = try reader.bool()
    }
}

/// Where between two steps of an exchange a process may die.
enum ExchangeBoundary: String, Sendable, CaseIterable {
    /// The records of a step are in memory, not on the disk.
    case beforeCommit = "before-commit"
    /// They are on the disk; nothing has left.
    case beforeRelease = "before-release"
    /// Orders have left; no answer has come.
    case afterRelease = "after-release"
    /// An answer is written down and has not acted.
    case beforeReport = "before-report"
}
