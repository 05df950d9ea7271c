public import Network

/// How far a download has come, all symbols together.
public struct DownloadProgress: Sendable {
    /// How many candles were missing at the beginning; 0 until that is known.
    public var wanted = 0
    /// How many of them were asked for and answered.
    public var answered = 0
    /// Seconds since the first was asked for.
    public var seconds = 0.0
    /// Why nothing is sent at the moment.
    public var pause: RequestPause?

    /// The share done, 0…1; `nil` until it is known what is missing.
    public var share: Double? { wanted > 0 ? Double(answered) / Double(wanted) : nil }

    /// Candles a second so far, pauses included.
    public var rate: Double { seconds > 0 ? Double(answered) / seconds : 0 }

    /// How many seconds it goes on at this rate; `nil` while there is none.
    public var secondsLeft: Double? { rate > 0 ? Double(wanted - answered) / rate : nil }
}
