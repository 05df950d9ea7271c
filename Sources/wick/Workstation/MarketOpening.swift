import Engine
import Glibc
import Ingestion
import Market
import Network
import Settings
import Storage
import Venues

/// Opens the market that an engine is to trade on.
enum MarketOpening {
    /// A market, and what a person should know of it.
    struct Market {
        var feed: EngineConfiguration.Feed
        var notice: String?
    }

    /// How long the venue may take to answer at all before the synthetic market takes its place.
    private static let patience = Duration.milliseconds(1_500)
    /// How long the venue's past may take before it comes later.
    private static let patienceForPast = Duration.seconds(4)

    /// The market that the settings want.
    ///
    /// - Throws: `CommandFailure` when a venue was asked for by name and can't be had.
    /// - Parameter account: the account that trades on a venue's market.
    static func open(
        _ settings: WickSettings, _ directory: DataDirectory, as account: String = account
    ) throws -> Market {
        switch settings.feed.source {
        case .synthetic: return Market(feed: synthetic(settings.feed))
        case .replay:
            let feed = settings.feed
            if let file = feed.file {
                return Market(feed: .replay(ReplayOptions(file: file, speed: feed.speed, isPaused: feed.isPaused)))
            }
            return Market(
                feed: .replay(
                    ReplayOptions(
                        series: feed.series ?? "", from: feed.from, to: feed.to, speed: feed.speed,
                        isPaused: feed.isPaused)))
        case .binance: return try Market(feed: .live(binance(settings, directory, account, isRequired: true)))
        case .auto:
            if Environment.isOffline { return Market(feed: synthetic(settings.feed)) }
            do {
                return try Market(feed: .live(binance(settings, directory, account, isRequired: false)))
            } catch  where error is VenueError || error is NoAnswer {
                return Market(
                    feed: synthetic(settings.feed),
                    notice: "this is the synthetic market: Binance's can't be had (\(error))")
            }
        }
    }

    private static func synthetic(_ feed: FeedSettings) -> EngineConfiguration.Feed {
        var options = SyntheticFeedOptions(seed: feed.seed, historyMinutes: feed.historyMinutes)
        if let from = feed.from, let to = feed.to {
            options.ownTime = SyntheticFeedOptions.OwnTime(from: from, to: to, speed: feed.speed)
        }
        return .synthetic(options)
    }
}

// Binance Spot's public market.
extension MarketOpening {
    /// The name of the account that trades on it with play money.
    static let account = "binance-spot"

    /// - Parameter isRequired: whether somebody asked for it by name: then it may take longer to answer, and what the
    ///   account knows of it is enough to begin without the network.
    private static func binance(
        _ settings: WickSettings, _ directory: DataDirectory, _ account: String, isRequired: Bool
    ) throws -> LiveFeedOptions {
        let feed = settings.feed
        let store = try Store(directory: directory)
        let known = try knownInstruments(directory.account(named: account))
        let venue = try venue(settings.venues.binance, isRequired ? nil : patience)
        var found: (instruments: [Instrument], listings: [String: Listing])
        var isThere = true
        do {
            found = try waited(isRequired ? .seconds(30) : patience, of: settings.venues.binance.restURL) {
                try await LiveMarket.instruments(
                    feed.symbols, known: known, of: venue, store: store, now: { Environment.now })
            }
        } catch  where isRequired && !known.isEmpty && isAbsence(error) {
            found = (known, [:])
            isThere = false
        }
        let usual = isRequired ? venue : try self.venue(settings.venues.binance, nil)
        let (minutes, followed) = (feed.historyMinutes, found)
        if isThere {
            Waiting.result {
            } of: {
                await LiveMarket.fetchPast(
                    of: followed.instruments, followed.listings, from: usual, into: store, minutes: minutes,
                    patience: patienceForPast,
                    now: { Environment.now })
            }
        }
        var options = LiveOptions()
        options.historyMinutes = minutes
        options.featureDays = settings.storage.bookFeatureDays
        if feed.capturesMarket {
            // The journal stops what opens when the disk gets full: the capture ends well before.
            options.capture = try capture(directory, leaving: 2 * Int64(settings.journal.minimumFreeBytes))
        }
        let market = try LiveMarket(
            usual, account: account, found.instruments, store: store, options, now: { Environment.now })
        return LiveFeedOptions(source: market, historyMinutes: minutes)
    }

    /// A capture of this session in the data directory.
    private static func capture(_ directory: DataDirectory, leaving bytes: Int64) throws -> CaptureWriter {
        let folder = DataDirectory(path: directory.file("captures"))
        try folder.create()
        return try CaptureWriter(to: folder.file(CaptureName.at(Environment.now)), minimumFreeBytes: bytes)
    }

    /// Whether the venue is not there, as opposed to a symbol that it does not have.
    private static func isAbsence(_ error: any Error) -> Bool {
        switch error {
        case is NoAnswer: return true
        case let error as VenueError: return [.unreachable, .notServed, .paused].contains(error.kind)
        default: return false
        }
    }

    /// The instruments that an account has traded, where there is one.
    private static func knownInstruments(_ account: DataDirectory) throws -> [Instrument] {
        guard access(account.databasePath, F_OK) == 0 else { return [] }
        return try Store(directory: account).instruments()
    }

    /// Binance Spot as the configuration has it.
    ///
    /// - Parameter patience: how long it may take to answer, where that is less than usual.
    static func venue(_ settings: BinanceSettings, _ patience: Duration?) throws -> BinanceSpot {
        var options = HTTPOptions()
        options.additionalTrust = settings.certificateFile
        var attempts = BinanceSpot.Attempts()
        if let patience {
            (options.connectTimeout, options.totalTimeout) = (patience, patience)
            attempts.listing = 1
        }
        do throws(HTTPError) {
            return try BinanceSpot(at: settings.restURL, streams: settings.streamURL, options, attempts: attempts)
        } catch {
            throw CommandFailure(.configuration, "venues.binance.ca-file: \(error)")
        }
    }

    /// A venue gave no answer in the time that it had.
    struct NoAnswer: Error, CustomStringConvertible {
        var server: String
        var description: String { "\(server): no answer came in time; check the network and the proxy (https_proxy)" }
    }

    /// What is asked of a venue, given up when it takes too long.
    static func waited<Value: Sendable>(
        _ patience: Duration, of server: String, _ work: @escaping @Sendable () async throws -> Value
    ) throws -> Value {
        let result = Waiting.result {
        } of: { () async -> Result<Value, any Error> in
            await withTaskGroup(of: Result<Value, any Error>.self) { group in
                group.addTask {
                    do { return .success(try await work()) } catch { return .failure(error) }
                }
                group.addTask {
                    try? await Task.sleep(for: patience)
                    return .failure(NoAnswer(server: server))
                }
                defer { group.cancelAll() }
                return await group.next() ?? .failure(NoAnswer(server: server))
            }
        }
        return try result.get()
    }
}
