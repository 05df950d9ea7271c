import Bytes
import Market
public import Trading

/// One thing out of the two streams of a journal, in their one order.
public enum ReplayItem: Sendable {
    /// A market input.
    case market(MarketInput)
    /// A decision record.
    case record(ReplayRecord)
}

/// What is to be otherwise.
public struct WhatIfChange: Sendable {
    /// Limits in place of those that were in force; limits set by command later are passed over then.
    public var limits: RiskLimits?
    /// Parameters of strategies in place of those they had, also of those registered later.
    public var parameters: [Parameter]

    /// A parameter of a strategy.
    public struct Parameter: Sendable {
        /// The strategy's name.
        public var strategy: String
        /// The parameter's name.
        public var name: String
        /// Its value, as people write it.
        public var text: String

        /// A parameter of its parts.
        public init(strategy: String, name: String, text: String) {
            self.strategy = strategy
            self.name = name
            self.text = text
        }
    }

    /// A change of its parts.
    public init(limits: RiskLimits? = nil, parameters: [Parameter] = []) {
        self.limits = limits
        self.parameters = parameters
    }

    func overrides(_ registration: StrategyRegistration) -> [(name: String, text: String)] {
        parameters.filter { $0.strategy == registration.name }.map { ($0.name, $0.text) }
    }
}

/// Why no such run can be made.
public enum WhatIfError: Error, Sendable, CustomStringConvertible {
    /// The session's venue was none that can be run again.
    case noVenue
    /// The state can't be taken up.
    case state(String)
    /// A record can't be read.
    case record(UInt64, String)
    /// A parameter or a strategy's name is none.
    case parameters(String)

    /// What is wrong.
    public var description: String {
        switch self {
        case .noVenue: return "the session traded at a venue whose answers can't be made again; only paper can"
        case .state(let text): return text
        case .record(let sequence, let text): return "record \(sequence) can't be read: \(text)"
        case .parameters(let text): return text
        }
    }
}

/// Runs a recorded paper session twice side by side, as it was and with other limits or parameters: kernel and venue both
/// decide anew over the recorded market, candles and commands.
public struct WhatIf {
    private let change: WhatIfChange
    private let catalog: StrategyCatalog
    private var asItWas: WhatIfSide
    private var asItWould: WhatIfSide
    /// The names of the strategies that there were, in the order of their registration.
    private var names: [String]

    /// Both sides as they stood when the session began.
    ///
    /// - Throws: `WhatIfError` when the state can't be taken up or a parameter is none.
    public init(
        _ state: SessionState, catalog: StrategyCatalog, change: WhatIfChange
    ) throws(WhatIfError) {
        guard let venue = state.venue else { throw .noVenue }
        self.change = change
        self.catalog = catalog
        names = state.kernel.registrations.map(\.name)
        var changed = state.kernel
        for registration in state.kernel.registrations {
            let overrides = change.overrides(registration)
            guard !overrides.isEmpty else { continue }
            do {
                _ = try changed.changeParameters(of: registration.id, overrides, catalog)
            } catch {
                throw .parameters(error.description)
            }
        }
        if let limits = change.limits { changed.limits = limits }
        asItWas = try WhatIfSide(state.kernel, venue, catalog)
        asItWould = try WhatIfSide(changed, venue, catalog)
    }

    /// Takes the next item of the journal.
    ///
    /// - Throws: `WhatIfError` when a record can't be read or a parameter is none.
    public mutating func take(_ item: ReplayItem) throws(WhatIfError) {
        switch item {
        case .market(let input):
            asItWas.take(input)
            asItWould.take(input)
        case .record(let record):
            // The venue answers anew, and so does the kernel: reports and effects are theirs to make.
            // A quote or a timer is there as a market input already.
            guard record.kind == .candle || record.kind == .command || record.kind == .mark else { return }
            var reader = ByteReader(record.payload)
            let event: Event
            do {
                event = try Event(record.kind == .mark ? .quote : record.kind, from: &reader)
            } catch {
                throw .record(record.sequence, error.description)
            }
            if case .command = event, !record.suspended.isEmpty { return }
            note(event)
            asItWas.take(event, without: record.suspended)
            if let other = try changed(event) { asItWould.take(other, without: record.suspended) }
        }
    }

    private mutating func note(_ event: Event) {
        guard case .command(.register(let registration, _), _) = event, !names.contains(registration.name) else {
            return
        }
        names.append(registration.name)
    }

    private func changed(_ event: Event) throws(WhatIfError) -> Event? {
        switch event {
        case .command(.limits, _) where change.limits != nil: return nil
        case .command(.register(let registration, let history), let time):
            let overrides = change.overrides(registration)
            guard !overrides.isEmpty else { return event }
            do {
                return .command(.register(try registration.changing(overrides, catalog), history: history), at: time)
            } catch {
                throw .parameters(error.description)
            }
        default: return event
        }
    }

    /// What both sides decided, and where they differ; to be asked when the session is over.
    ///
    /// - Throws: `WhatIfError.parameters` when a parameter is changed of a strategy that there was not.
    public func result() throws(WhatIfError) -> WhatIfResult {
        let unknown = change.parameters.map(\.strategy).filter { !names.contains($0) }
        guard unknown.isEmpty else {
            let known = names.isEmpty ? "it has none" : "it has " + names.joined(separator: ", ")
            throw .parameters("the session has no strategy '\(unknown.joined(separator: "', '"))'; \(known)")
        }
        return WhatIfResult(asItWas, asItWould)
    }
}
