/// How long requests may take, how large answers may be, and whom to trust.
///
/// Certificates and names are always checked; there is no way to switch that off.
public struct HTTPOptions: Sendable, Hashable {
    /// How long a connection may take to stand, TLS included.
    public var connectTimeout: Duration = .seconds(10)
    /// How long the server may be silent, before its first byte and between others. Whole seconds, one at least.
    public var silenceTimeout: Duration = .seconds(15)
    /// How long what was sent may stay without an acknowledgement of the server's or proxy's machine before the kernel ends
    /// the connection; a path that has died shows in nothing else.
    public var acknowledgementTimeout: Duration = .seconds(5)
    /// How long a request may take as a whole.
    public var totalTimeout: Duration = .seconds(60)
    /// The most bytes of a body, unpacked.
    public var largestBody = 32 << 20
    /// The most connections to one server at once.
    public var connectionsPerHost = 8
    /// A file of certificates (PEM) that are trusted besides those of the system, for a testnet of one's own.
    public var additionalTrust: String?

    /// The defaults.
    public init() {}
}
