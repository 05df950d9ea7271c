public import Keys

/// A key at a place where it is good: the only thing that private requests are made with.
///
/// There is no other way to make one than through the check, so no request is ever signed with a testnet's key for real
/// money, or the other way round.
public struct BinanceSpotAccess: Sendable {
    /// Where.
    public let environment: BinanceSpotEnvironment
    /// What its owner calls the key.
    public let name: String
    /// What requests are signed with.
    public let signer: RequestSigner

    /// A key at an environment.
    ///
    /// - Throws: `VenueError` of the kind `forbidden` when the key is of another venue or environment, or no key.
    public init(_ key: StoredKey, at environment: BinanceSpotEnvironment) throws(VenueError) {
        guard key.venue == "binance" else {
            throw VenueError(.forbidden, key.name, "the key is of \(key.venue); expected one of binance")
        }
        guard key.environment == environment.keys else {
            throw VenueError(
                .forbidden, key.name,
                "the key is for \(key.environment.rawValue) and \(environment.restURL) is "
                    + "\(environment.keys.rawValue); it is not sent there")
        }
        do throws(KeyStoreError) {
            signer = RequestSigner(key.apiKey, try key.signingKey())
        } catch {
            throw VenueError(.forbidden, key.name, error.detail)
        }
        self.environment = environment
        name = key.name
    }
}
