/// Why candles or captures could not be read or written at all.
public struct IngestionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var kind: Kind
    /// The file it is about.
    public var path: String
    /// What was seen and what was expected.
    public var detail: String

    /// The kinds of trouble.
    public enum Kind: Sendable, Hashable {
        /// The file can't be opened.
        case cannotOpen
        /// The file can't be read to its end.
        case cannotRead
        /// The file does not hold candles, or not in a form that is recognised.
        case notCandles
        /// The file is no capture of a market, or one that can't be played.
        case notCapture
        /// The file can't be written.
        case cannotWrite
    }

    init(_ kind: Kind, _ path: String, _ detail: String) {
        self.kind = kind
        self.path = path
        self.detail = detail
    }

    /// The exit code after `sysexits.h` for a command that ends with this error.
    public var exitCode: Int32 {
        switch kind {
        case .cannotOpen: return 66
        case .cannotRead: return 74
        case .notCandles, .notCapture: return 65
        case .cannotWrite: return 73
        }
    }

    /// The file and what is wrong with it, in one line.
    public var description: String { "\(path): \(detail)" }
}
