public import Network

/// How a venue's market is followed.
public struct LiveOptions: Sendable {
    /// How many minutes of the past are fetched where they are not stored.
    public var historyMinutes = 2_880
    /// How many levels a side of the book are shown.
    public var shownLevels = 25
    /// After how many seconds without a single message of the market, though the connection stands, another is made; twice
    /// as long each time until something comes, an hour at most.
    public var silentSeconds: Int64 = 30
    /// What keeps everything that is heard, to be played again; `nil` keeps nothing.
    public var capture: CaptureWriter?
    /// For how many days what the books were like each second is kept; `nil` stores nothing of it.
    public var featureDays: Int?
    /// What waits are measured with.
    public var time = NetworkTime.system

    /// The defaults.
    public init() {}
}
