public import Bytes
import Market
import Trading

/// The whole state of a connection that misbehaves, exact: what is on its way, and where its draws stand. The venue behind
/// it has an image of its own.
public struct ConnectionImage: Sendable {
    /// How it misbehaves.
    public var plan: FaultPlan
    var now: Timestamp
    var draws: UInt64
    var externals: UInt64
    var silentUntil: Timestamp
    var requests: [FaultyVenue.Late<FaultyVenue.VenueRequest>]
    var reports: [FaultyVenue.Late<OrderReport>]
}

extension FaultyVenue {
    /// The state of the connection; that of the venue is `venue.image`.
    public var connection: ConnectionImage {
        ConnectionImage(
            plan: plan, now: now, draws: draws, externals: externals, silentUntil: silentUntil, requests: requests,
            reports: reports)
    }

    /// A connection that goes on from an image, to a venue that does; `nil` is one without faults. Arrivals are not
    /// counted.
    public init(_ venue: SimulatedVenue, from image: ConnectionImage?) {
        self.init(venue, plan: image?.plan ?? FaultPlan(), countsArrivals: false)
        guard let image else { return }
        now = image.now
        draws = image.draws
        externals = image.externals
        silentUntil = image.silentUntil
        requests = image.requests
        reports = image.reports
    }
}

extension ConnectionImage: BinaryCodable {
    private static let version: UInt8 = 1

    /// Appends the form's version and the parts.
    public func write(to writer: inout ByteWriter) {
        writer.byte(ConnectionImage.version)
        writer.value(plan)
        writer.value(now)
        writer.unsigned(draws)
        writer.unsigned(externals)
        writer.value(silentUntil)
        writer.array(requests)
        writer.array(reports)
    }

    /// Reads an image.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let version = try reader.byte()
        guard version == ConnectionImage.version else {
            throw reader.malformed("version \(version) of a connection's state is not known")
        }
        plan = try reader.value()
        now = try reader.value()
        draws = try reader.unsigned()
        externals = try reader.unsigned()
        silentUntil = try reader.value()
        requests = try reader.array()
        reports = try reader.array()
    }
}

extension FaultPlan: BinaryCodable {
    /// Appends the parts.
    public func write(to writer: inout ByteWriter) {
        for number in [
            seed, lostRequests, lostAnswers, toldUnanswered, lateRequests, refusals, falseAbsences, duplicates,
            lateReports, lostReports, longestDelaySeconds, silences, longestSilenceSeconds,
        ] { writer.unsigned(number) }
    }

    /// Reads a plan.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(seed: try reader.unsigned())
        for path: WritableKeyPath<FaultPlan, UInt64> in [
            \.lostRequests, \.lostAnswers, \.toldUnanswered, \.lateRequests, \.refusals, \.falseAbsences, \.duplicates,
            \.lateReports, \.lostReports, \.longestDelaySeconds, \.silences, \.longestSilenceSeconds,
        ] { self[keyPath: path] = try reader.unsigned() }
    }
}

extension FaultyVenue.Late: BinaryCodable where Content: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        writer.value(due)
        writer.value(content)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        self.init(due: try reader.value(), content: try reader.value())
    }
}

extension FaultyVenue.VenueRequest: BinaryCodable {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .submit(let order, let reference):
            writer.byte(1)
            writer.value(order)
            writer.optional(reference)
        case .cancel(let order):
            writer.byte(2)
            writer.value(order)
        case .amend(let order, let amendment, let reference):
            writer.byte(3)
            writer.value(order)
            writer.value(amendment)
            writer.optional(reference)
        case .query(let order):
            writer.byte(4)
            writer.value(order)
        }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.byte() {
        case 1: self = .submit(try reader.value(), reference: try reader.optional())
        case 2: self = .cancel(try reader.value())
        case 3: self = .amend(try reader.value(), try reader.value(), reference: try reader.optional())
        case 4: self = .query(try reader.value())
        case let kind: throw reader.malformed("\(kind) is no kind of request")
        }
    }
}
