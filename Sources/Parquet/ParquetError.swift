/// Why a Parquet file could not be read or written.
public struct ParquetError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var kind: Kind
    /// Where: `row group 2, column close, page 1`; empty for the file as a whole.
    public var place: String
    /// What was seen, what was expected, and what to do about it.
    public var detail: String

    /// The kinds of trouble.
    public enum Kind: Sendable, Hashable {
        /// The file can't be opened.
        case cannotOpen
        /// The file can't be read to its end.
        case cannotRead
        /// The bytes are no Parquet file, or contradict themselves.
        case malformed
        /// The file is sound as far as one can see, and uses something that is not read here.
        case unsupported
        /// A number does not fit the column that it is to be written to.
        case outOfRange
    }

    init(_ kind: Kind, _ place: String = "", _ detail: String) {
        self.kind = kind
        self.place = place
        self.detail = detail
    }

    /// The place and the reason, in one line.
    public var description: String { place.isEmpty ? detail : "\(place): \(detail)" }
}
