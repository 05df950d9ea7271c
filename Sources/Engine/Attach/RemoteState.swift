import Trading

/// What a screen knows of a remote engine and what it still has to say to it. Guarded by whoever owns it.
struct RemoteState: Sendable {
    /// Longer than this without a snapshot, of which one a second comes at least, and the engine is not heard any more.
    private static let silence: Int64 = 3_000_000_000

    private(set) var snapshot: Snapshot
    private(set) var process: Int32
    private(set) var classes: [StrategyDescriptor]
    private(set) var view: [UInt8]?
    private(set) var series: [StoredSeries] = []
    /// The number of the question for series that is not answered yet.
    private(set) var awaitedSeries: UInt64?
    var role: ScreenRole
    var hasEnded = false
    private(set) var isConnected = true
    private var reason = ""
    private var lastHeard = EngineClock.monotonic()
    private var output: [ScreenRequest] = []
    private var replies: [UInt64: (@Sendable (EngineReply) -> Void)] = [:]
    private var nextNumber: UInt64 = 1

    init(_ welcome: ScreenWelcome, _ snapshot: Snapshot) {
        self.snapshot = snapshot.described(by: welcome.classes)
        process = welcome.process
        classes = welcome.classes
        view = welcome.view
        role = welcome.role
    }

    /// How the screen stands.
    func link(monotonic: Int64) -> ScreenLink {
        let silence = monotonic - lastHeard
        let seconds = Int(silence / 1_000_000_000)
        if !isConnected { return ScreenLink(state: .lost(seconds: seconds, reason: reason), role: role) }
        guard silence > RemoteState.silence else { return ScreenLink(role: role) }
        return ScreenLink(
            state: .lost(seconds: seconds, reason: "process \(process) runs, but says nothing"), role: role)
    }

    // MARK: What comes

    mutating func take(_ snapshot: Snapshot) {
        self.snapshot = snapshot.described(by: classes)
        lastHeard = EngineClock.monotonic()
    }

    mutating func take(_ series: [StoredSeries], _ number: UInt64) {
        self.series = series
        if awaitedSeries == number { awaitedSeries = nil }
    }

    mutating func takeReply(_ number: UInt64) -> (@Sendable (EngineReply) -> Void)? {
        replies.removeValue(forKey: number)
    }

    /// The connection is over; gives back whoever waits for an answer.
    mutating func lose(_ reason: String) -> [@Sendable (EngineReply) -> Void] {
        isConnected = false
        self.reason = reason
        output = []
        awaitedSeries = nil
        defer { replies = [:] }
        return replies.sorted { $0.key < $1.key }.map(\.value)
    }

    /// There is a connection again, perhaps to a newer process.
    mutating func reconnect(_ welcome: ScreenWelcome, _ snapshot: Snapshot) {
        process = welcome.process
        classes = welcome.classes
        role = welcome.role
        isConnected = true
        hasEnded = false
        take(snapshot)
    }

    // MARK: What goes

    mutating func say(_ request: ScreenRequest) {
        if isConnected { output.append(request) }
    }

    /// Queues a request; gives the reason when it can't be sent.
    mutating func ask(_ request: EngineRequest, _ reply: (@Sendable (EngineReply) -> Void)?) -> String? {
        guard isConnected else {
            return "not sent: \(reason); an emergency stop is 'wick stop', or 'kill -USR1 \(process)'"
        }
        let number = nextNumber
        nextNumber += 1
        replies[number] = reply
        output.append(.ask(number, request))
        return nil
    }

    mutating func askForSeries() -> UInt64? {
        guard isConnected else { return nil }
        let number = nextNumber
        nextNumber += 1
        awaitedSeries = number
        output.append(.series(number))
        return number
    }

    mutating func takeOutput() -> [ScreenRequest] {
        defer { output = [] }
        return output
    }
}
