/// Why a venue did not give what was asked for.
public struct VenueError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var kind: Kind
    /// What it is about: `BINANCE:BTCUSDT`, or the venue's name.
    public var subject: String
    /// What was seen, in words, and what to do.
    public var detail: String

    /// The kinds of trouble.
    public enum Kind: Sendable, Hashable {
        /// The venue has no such symbol.
        case unknownSymbol
        /// There is no way to the venue, or it keeps failing.
        case unreachable
        /// The venue does not serve this place or this address.
        case notServed
        /// The venue wants to be left alone for long.
        case paused
        /// The venue understood and refused.
        case refused
        /// A key would be used where it is not good, or for what no key here may do.
        case forbidden
        /// What the venue sends can't be read.
        case malformed
        /// Whoever asked does not want it any more.
        case cancelled
    }

    init(_ kind: Kind, _ subject: String, _ detail: String) {
        self.kind = kind
        self.subject = subject
        self.detail = detail
    }

    /// The exit code after `sysexits.h` for a command that ends with this error.
    public var exitCode: Int32 {
        switch kind {
        case .unknownSymbol: return 66
        case .unreachable, .notServed: return 69
        case .paused, .cancelled: return 75
        case .refused, .forbidden: return 1
        case .malformed: return 65
        }
    }

    /// What it is about and what is wrong, in one line.
    public var description: String { "\(subject): \(detail)" }
}
