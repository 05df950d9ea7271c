import Engine
import FoundationEssentials
import Glibc
import Market
import Settings
import Storage
import Terminal

/// What came of one check.
struct HealthRow {
    var check: String
    var status: HealthStatus
    var detail: String

    init(_ check: String, _ status: HealthStatus, _ detail: String) {
        self.check = check
        self.status = status
        self.detail = detail
    }
}

/// Whether something is in order.
enum HealthStatus: String {
    case ok
    case warning
    case failed
}

/// The checks of `wick health check`, in the order they are printed.
struct HealthChecks {
    let data: DataOptions
    let configuration: ConfigurationOptions
    let share: ShareOptions

    var rows: [HealthRow] {
        [directory, store, lock, settings, themes, terminal, disk, clock] + engine
    }

    private var path: String { data.directory.path }

    private var directory: HealthRow {
        do throws(StoreError) {
            try data.directory.create()
        } catch {
            return HealthRow("data directory", .failed, error.description)
        }
        guard access(path, R_OK | W_OK | X_OK) == 0 else {
            return HealthRow("data directory", .failed, "\(path): \(String(cString: strerror(errno)))")
        }
        return HealthRow("data directory", .ok, path)
    }

    /// Opening brings the schema up to date, so a store that opens is migrated.
    private var store: HealthRow {
        do {
            let store = try data.store()
            let series = try store.series()
            let candles = series.reduce(0) { $0 + $1.count }
            let state = try data.accountStore().tradingState()
            if state == .halted || EmergencyLatch.isSet(directory: path) {
                return HealthRow("store", .warning, "opens; the emergency stop holds until 'wick rearm'")
            }
            return HealthRow("store", .ok, "opens, schema up to date; \(series.count) series, \(candles) candles")
        } catch {
            return HealthRow("store", .failed, CommandFailure(reason: error)?.description ?? "\(error)")
        }
    }

    private var lock: HealthRow {
        if let process = EngineLock.runningEngine(in: data.directory) {
            return HealthRow("engine lock", .ok, "held by process \(process)")
        }
        if let process = EngineLock.interruptedEngine(in: data.directory) {
            return HealthRow(
                "engine lock", .warning,
                "free; the last engine (process \(process)) did not end in order, the next start "
                    + "restores its account")
        }
        return HealthRow("engine lock", .ok, "free; no engine is running")
    }

    private var settings: HealthRow {
        let file = configuration.path
        do throws(SettingsError) {
            _ = try WickSettings.load(file, ConfigCheckCommand.vocabulary(share))
            return HealthRow("configuration", .ok, file ?? "no file; the defaults hold")
        } catch {
            return HealthRow("configuration", .failed, error.description.split(separator: "\n").joined(separator: "; "))
        }
    }

    private var themes: HealthRow {
        let library = share.themeLibrary
        let names = library.names()
        let problems = names.flatMap { library.load($0).problems }
        if let first = problems.first {
            return HealthRow("themes", .warning, "\(problems.count) problems in \(names.count) themes; \(first)")
        }
        if names.count <= 2 {
            return HealthRow(
                "themes", .warning, "only the built-in ones; WICK_SHARE or --themes-dir says where more are")
        }
        return HealthRow("themes", .ok, "\(names.count): \(names.joined(separator: ", "))")
    }

    private var terminal: HealthRow {
        do throws(ScreenError) {
            return HealthRow("terminal", .ok, try Screen.check())
        } catch {
            return HealthRow("terminal", .warning, error.description)
        }
    }

    private var disk: HealthRow {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else {
            return HealthRow("disk", .failed, "\(path): \(String(cString: strerror(errno)))")
        }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        let text = "\(Figures.bytes(free)) free"
        if free < 50_000_000 { return HealthRow("disk", .failed, text + "; 50 MB at least are needed") }
        return HealthRow("disk", free < 1_000_000_000 ? .warning : .ok, text)
    }

    /// A clock before this release or far beyond it makes every candle and every order wrong.
    private var clock: HealthRow {
        let now = Environment.now
        let earliest = Timestamp(seconds: 1_735_689_600)
        let latest = Timestamp(seconds: 2_524_608_000)
        guard now >= earliest, now < latest else {
            return HealthRow("clock", .failed, "\(now) can't be; set the system's clock")
        }
        if let newest = try? data.accountStore().auditTrail(limit: 1).first?.time, newest > now.adding(seconds: 60) {
            return HealthRow("clock", .warning, "\(now) is before \(newest), when something was last done here")
        }
        return HealthRow("clock", .ok, "\(now)")
    }

    private var engine: [HealthRow] {
        do {
            guard let engine = try data.runningEngine() else {
                if EngineLock.runningEngine(in: data.directory) != nil {
                    return [HealthRow("engine", .failed, "one is running, but commands can't reach it")]
                }
                return [HealthRow("engine", .ok, "not running")]
            }
            return rows(try engine.status())
        } catch {
            return [HealthRow("engine", .failed, CommandFailure(reason: error)?.description ?? "\(error)")]
        }
    }

    private func rows(_ status: StatusMessage) -> [HealthRow] {
        let load =
            "\(Figures.decimal(status.processorShare * 100, 1)) % of a core, "
            + "\(Figures.bytes(UInt64(max(0, status.residentBytes))))"
        let trading =
            "\(status.mode), \(status.source), \(status.tradingState), \(status.openPositions) positions, "
            + "\(status.openOrders) open orders, \(status.unacknowledgedAlerts) alerts"
        var rows = [HealthRow("engine", status.tradingState == "active" ? .ok : .warning, "\(trading); \(load)")]
        if let problem = status.engineProblem { rows = [HealthRow("engine", .failed, "it has stopped: \(problem)")] }
        if let problem = status.feedProblem { rows.append(HealthRow("connection", .warning, problem)) }
        if let problem = status.venueProblem { rows.append(HealthRow("venue", .warning, "nothing opens: \(problem)")) }
        if let pause = status.venuePause {
            rows.append(HealthRow("venue", .warning, "nothing that opens is sent \(pause)"))
        }
        if let pause = status.dataPause {
            rows.append(HealthRow("market data", .warning, "asked for no book and no minute \(pause)"))
        }
        if let rehearsal = status.rehearsal {
            rows.append(HealthRow("venue", .warning, "\(rehearsal), as 'venue: faults' wants it"))
        }
        let stale = status.markets.filter { $0.status == "stale" }
        for market in stale {
            rows.append(
                HealthRow("market \(market.symbol)", .warning, "nothing heard for \(market.staleSeconds ?? 0) s"))
        }
        if stale.isEmpty { rows.append(HealthRow("markets", .ok, "\(status.markets.count) as they should be")) }
        let backlog = "\(status.storeBacklog) records wait"
        rows.append(
            HealthRow("recorder", status.storeProblem == nil ? .ok : .failed, status.storeProblem ?? backlog))
        return rows
    }
}
