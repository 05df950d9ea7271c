public import Keys
public import Network

/// Signs requests as Binance Spot wants them: its REST API and its WebSocket API differ.
public struct RequestSigner: Sendable {
    /// Whose requests they are.
    public let apiKey: APIKey
    private let key: SigningKey

    /// How long after its time a request is still taken, in milliseconds. Longer would make a late order a surprise.
    public static let receiveWindow = 5_000

    /// A signer of a key's two halves.
    public init(_ apiKey: APIKey, _ key: SigningKey) {
        self.apiKey = apiKey
        self.key = key
    }

    /// How it signs. Only Ed25519 may log on to a session of the WebSocket API.
    public var kind: KeyKind { key.kind }

    /// A request to the REST API: `timestamp` and `signature` behind its parameters, the key in a header field.
    ///
    /// Parameters of GET stand in the address, those of all others in the body: what has a body is never sent twice.
    /// - Parameters:
    ///   - location: the address, without parameters.
    ///   - parameters: name and value, not percent-encoded.
    ///   - time: the venue's time, in milliseconds.
    /// - Throws: `KeyStoreError` when libcrypto fails.
    public func request(
        _ method: HTTPRequest.Method, _ location: String, _ parameters: [HTTPRequest.Parameter], at time: Int64
    ) throws(KeyStoreError) -> HTTPRequest {
        var parameters = parameters
        parameters.append(.init("recvWindow", "\(RequestSigner.receiveWindow)"))
        parameters.append(.init("timestamp", "\(time)"))
        let isInAddress = method == .get
        let payload = RequestSigner.payload(
            query: isInAddress ? parameters : [], form: isInAddress ? [] : parameters)
        parameters.append(.init("signature", try key.signatureText(of: payload)))
        return HTTPRequest(
            location, method: method, query: isInAddress ? parameters : [], form: isInAddress ? [] : parameters,
            headers: [.init("X-MBX-APIKEY", apiKey.text)])
    }

    /// What is signed of a request to the REST API: the parameters of its address and of its body, each percent-encoded
    /// as they are sent, one behind the other without a mark between them.
    static func payload(query: [HTTPRequest.Parameter], form: [HTTPRequest.Parameter]) -> String {
        HTTPRequest.encoded(query) + HTTPRequest.encoded(form)
    }

    /// The parameters of a request to the WebSocket API, with `apiKey`, `timestamp` and `signature`, sorted by name.
    ///
    /// - Parameter time: the venue's time, in milliseconds.
    /// - Throws: `KeyStoreError` when libcrypto fails.
    public func webSocketParameters(
        _ parameters: [HTTPRequest.Parameter], at time: Int64
    ) throws(KeyStoreError) -> [HTTPRequest.Parameter] {
        var sorted = parameters
        sorted.append(.init("apiKey", apiKey.text))
        sorted.append(.init("timestamp", "\(time)"))
        sorted.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        sorted.append(.init("signature", try key.signatureText(of: RequestSigner.webSocketPayload(sorted))))
        return sorted
    }

    /// What is signed of a request to the WebSocket API: the sorted parameters as they are, not percent-encoded.
    static func webSocketPayload(_ sorted: [HTTPRequest.Parameter]) -> String {
        sorted.map { $0.name + "=" + $0.value }.joined(separator: "&")
    }
}
