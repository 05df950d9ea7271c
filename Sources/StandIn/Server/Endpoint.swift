/// A request as the endpoints see it, whichever way it came.
struct Call {
    var parameters: Parameters
    /// Who asks, where that was proved.
    var account: Account?
}

/// What an endpoint answers.
enum Answer {
    case now(JSONValue)
    /// Something that takes a while to compute and needs nothing of the exchange any more.
    case later(@Sendable () -> JSONValue)
}

/// Something that can be asked of the exchange: by REST, by the WebSocket API, or by both.
struct Endpoint {
    /// The method and path of REST, or `nil`.
    var rest: String?
    /// The method of the WebSocket API, or `nil`.
    var method: String?
    /// Whether it takes a signature.
    var isSigned = false
    /// Whether success costs nothing.
    var isFreeWhenDone = false
    /// How many unfilled orders it counts for.
    var orders = 0
    /// What it costs.
    var weight: (Parameters, Exchange) -> Int64
    var run: (Exchange, Call) throws(APIError) -> Answer
    /// What is done instead, and why, when the account has too many unfilled orders; nothing where it is `nil`.
    var runOverLimit: ((Exchange, Call, APIError) throws(APIError) -> Answer)?

    /// An endpoint for everybody.
    static func open(
        _ rest: String, _ method: String?, weight: Int64,
        _ run: @escaping (Exchange, Call) throws(APIError) -> JSONValue
    ) -> Endpoint {
        Endpoint(rest: rest, method: method, weight: { _, _ in weight }) { exchange, call throws(APIError) in
            .now(try run(exchange, call))
        }
    }

    /// An endpoint for an account that proves who it is.
    static func signed(
        _ rest: String, _ method: String, isFreeWhenDone: Bool = false, orders: Int = 0,
        weight: @escaping (Parameters, Exchange) -> Int64,
        _ run: @escaping (Exchange, Parameters, Account) throws(APIError) -> JSONValue
    ) -> Endpoint {
        Endpoint(
            rest: rest, method: method, isSigned: true, isFreeWhenDone: isFreeWhenDone, orders: orders, weight: weight
        ) { exchange, call throws(APIError) in
            guard let account = call.account else { throw .badKey }
            return .now(try run(exchange, call.parameters, account))
        }
    }
}

/// All endpoints, found by the line of REST or the method of the WebSocket API.
struct EndpointTable {
    private var byRest: [String: Endpoint] = [:]
    private var byMethod: [String: Endpoint] = [:]
    private var paths: Set<String> = []

    init(_ endpoints: [Endpoint]) {
        for endpoint in endpoints {
            if let rest = endpoint.rest {
                byRest[rest] = endpoint
                paths.insert(String(rest.split(separator: " ")[1]))
            }
            if let method = endpoint.method { byMethod[method] = endpoint }
        }
    }

    /// The endpoint of `GET /api/v3/time` and its like.
    func rest(_ line: String) -> Endpoint? { byRest[line] }

    /// Whether a path exists, with whatever method.
    func hasPath(_ path: String) -> Bool { paths.contains(path) }

    /// The endpoint of a method of the WebSocket API.
    func method(_ name: String) -> Endpoint? { byMethod[name] }
}
