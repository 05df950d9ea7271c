/// What a server answered, whole.
public struct HTTPResponse: Sendable {
    /// The status, 200…599.
    public var status: Int
    /// The header fields, names in lower case; of several with one name the last.
    public var headers: [String: String]
    /// The body, unpacked.
    public var body: [UInt8]
    /// How long the server asks to be left alone (`Retry-After`), in seconds, 1 or more; `nil` when it does not, or in words that
    /// can't be read.
    public var retryAfterSeconds: Int64?

    /// The first bytes of the body as text for a message, without control characters.
    public var excerpt: String {
        let text = String(decoding: body.prefix(120), as: UTF8.self)
        let plain = text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        return String(String.UnicodeScalarView(plain)) + (body.count > 120 ? "…" : "")
    }
}
