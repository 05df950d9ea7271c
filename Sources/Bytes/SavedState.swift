/// Something that is made of parameters and then changes with what it sees: its state can be written down and put into
/// another one that was made of the same parameters, which then goes on bit for bit as the first would have.
public protocol SavedState {
    /// Appends what it has seen; nothing of its parameters.
    func save(to writer: inout ByteWriter)

    /// Takes over the state of one with the same parameters.
    ///
    /// - Throws: `MalformedBytes` when the bytes are no such state; the value is not to be used then.
    mutating func restore(from reader: inout ByteReader) throws(MalformedBytes)
}
