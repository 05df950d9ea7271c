public import Market
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Simulation
import Synchronization

/// A stand-in for Binance's spot exchange on this machine: a real server with REST, market streams and the WebSocket API
/// over a synthetic market, with accounts, orders and faults.
///
/// It listens on 127.0.0.1 only. Everything happens on one event loop; long candles are computed beside it. See
/// `docs/stand-in.md`.
public final class StandInServer: Sendable {
    /// Where clients find it.
    public let addresses: StandInAddresses
    /// The accounts with their keys.
    public let accounts: [StandInAccount]
    private let group: MultiThreadedEventLoopGroup
    private let pool: NIOThreadPool
    private let channel: any Channel
    private let hasStopped = Atomic<Bool>(false)
    private let core: NIOLoopBound<Core>

    /// Starts a server and waits until it listens.
    ///
    /// - Parameter clock: what time it is; each call at or after the last.
    /// - Throws: `StandInError`.
    public init(_ options: StandInOptions, clock: @escaping @Sendable () -> Timestamp) throws(StandInError) {
        guard options.problems.isEmpty else { throw .options(options.problems) }
        let faults = try FaultScript.faults(options.faults)
        let profiles = options.symbols.compactMap(SymbolCatalog.profile)
        let plans = try DemoAccounts.plan(options, profiles)
        let certificate = options.isPlain ? nil : try OwnCertificate(directory: options.directory)
        accounts = plans.map(\.told)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let pool = NIOThreadPool(numberOfThreads: 2)
        pool.start()
        self.group = group
        self.pool = pool
        let loop = group.next()
        do {
            let core = try loop.submit {
                let exchange = StandInServer.exchange(options, profiles, plans, start: clock())
                return NIOLoopBound(
                    Core(exchange, loop: loop, pool: pool, options: options, faults: faults, clock: clock),
                    eventLoop: loop)
            }.wait()
            self.core = core
            channel = try StandInServer.bootstrap(group, core, certificate?.context)
                .bind(host: "127.0.0.1", port: options.port).wait()
            loop.scheduleRepeatedTask(initialDelay: .milliseconds(20), delay: .milliseconds(20)) { _ in
                core.value.beat()
            }
        } catch {
            try? group.syncShutdownGracefully()
            try? pool.syncShutdownGracefully()
            throw .port(options.port, "\(error)")
        }
        addresses = StandInAddresses(
            port: channel.localAddress?.port ?? options.port, isPlain: options.isPlain, certificate: certificate?.path)
    }

    /// Ends it: connections break off, and nobody listens any more. Calling it again does nothing.
    public func stop() {
        if hasStopped.exchange(true, ordering: .acquiringAndReleasing) { return }
        try? channel.close().wait()
        try? group.syncShutdownGracefully()
        try? pool.syncShutdownGracefully()
    }

    /// Switches faults on, besides those that are.
    ///
    /// - Throws: `StandInError.faults` when the script can't be read; nothing is changed then.
    public func misbehave(_ script: String) throws(StandInError) {
        let faults = try FaultScript.faults(script)
        let core = core
        try? channel.eventLoop.submit {
            core.value.desk.add(faults)
            core.value.exchange.skew = core.value.desk.skew
        }.wait()
    }

    /// Switches all faults off.
    public func behave() {
        let core = core
        try? channel.eventLoop.submit {
            core.value.desk.clear()
            core.value.exchange.skew = 0
        }.wait()
    }

    /// How many orders of all accounts are open now; waits for the event loop.
    public var openOrders: Int {
        let core = core
        return (try? channel.eventLoop.submit { core.value.openOrders }.wait()) ?? 0
    }

    private static func exchange(
        _ options: StandInOptions, _ profiles: [SyntheticInstrument], _ plans: [DemoAccounts.Plan], start: Timestamp
    ) -> Exchange {
        var limits = ExchangeLimits()
        limits.weightPerMinute = options.weightPerMinute
        limits.ordersPerTenSeconds = options.ordersPerTenSeconds
        let exchange = Exchange(
            seed: options.seed ?? 1, profiles: profiles, limits: limits, start: start, before: options.minutesBefore)
        if options.isMarketStill { exchange.endMarket() }
        exchange.accounts = plans.enumerated().map { Account(id: $0, keys: $1.keys, balances: $1.balances) }
        for account in exchange.accounts { account.paysInBNB = options.paysInBNB }
        return exchange
    }

    private static func bootstrap(
        _ group: MultiThreadedEventLoopGroup, _ core: NIOLoopBound<Core>, _ context: NIOSSLContext?
    ) -> ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A reader that falls behind by more is cut off.
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 1 << 20, high: 8 << 20))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try SocketUpgrade.configure(channel, core.value)
                }
            }
    }
}

/// Where a stand-in is found.
public struct StandInAddresses: Sendable, Hashable {
    /// The port on 127.0.0.1.
    public let port: Int
    /// What REST paths begin with, `https://localhost:9443`.
    public let rest: String
    /// What stream paths begin with, `wss://localhost:9443`.
    public let streams: String
    /// The WebSocket API.
    public let api: String
    /// The certificate to trust (PEM); `nil` without TLS.
    public let certificate: String?

    init(port: Int, isPlain: Bool, certificate: String?) {
        self.port = port
        self.certificate = certificate
        rest = "\(isPlain ? "http" : "https")://localhost:\(port)"
        streams = "\(isPlain ? "ws" : "wss")://localhost:\(port)"
        api = streams + "/ws-api/v3"
    }
}
