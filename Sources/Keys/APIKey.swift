/// The public half of a venue's key: what a request names its sender by.
///
/// It opens nothing alone, and yet it is shown masked everywhere: whoever has it knows half of what it takes.
public struct APIKey: Sendable, Hashable {
    /// The key as the venue gave it; for requests only.
    public let text: String

    /// A key that a person gave.
    ///
    /// - Returns: `nil` unless it has 16…256 of `A–Z a–z 0–9 - _ . : / + =`.
    public init?(_ text: String) {
        let marks = "-_.:/+=".utf8
        let isKey = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || marks.contains($0)
        }
        guard isKey, (16...256).contains(text.utf8.count) else { return nil }
        self.text = text
    }

    /// Its first four and last four characters: enough to tell one's own keys apart.
    public var masked: String { text.prefix(4) + "…" + text.suffix(4) }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Masked.
    public var description: String { masked }
    /// Masked.
    public var debugDescription: String { masked }
    /// Shows nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
