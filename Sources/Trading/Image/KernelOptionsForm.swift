public import Bytes
import Market

extension KernelOptions: BinaryCodable {
    /// Appends everything but the probe, which is a place in this process.
    public func write(to writer: inout ByteWriter) {
        writer.value(feeEstimate)
        // The bits after the first came later: a form without them locks nothing, shares its capital, and has no margin.
        writer.byte(
            (recording == .everything ? 1 : 0) | (locksHoldings ? 2 : 0) | (splitsCapital ? 4 : 0)
                | (leverage != nil ? 8 : 0))
        writer.count(closedOrdersKept)
        for number in [
            inquiry.answerSeconds, inquiry.firstPauseSeconds, inquiry.longestPauseSeconds, inquiry.validitySeconds,
        ] {
            writer.signed(number)
        }
        writer.value(inquiry.absencesNeeded)
        if let leverage { writer.count(leverage) }
    }

    /// Reads options without a probe.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let fee = try reader.value(Ratio.self)
        let bits = try reader.byte()
        guard bits < 16 else { throw reader.malformed("\(bits) says nothing of how a kernel is run") }
        let recording: Recording = bits & 1 != 0 ? .everything : .results
        let kept = try reader.number()
        // Twice as many are held: what a run can hold is far below this.
        guard kept < 1 << 32 else { throw reader.malformed("\(kept) orders are more than a kernel remembers") }
        let answer = try reader.signed()
        let first = try reader.signed()
        let longest = try reader.signed()
        let validity = try reader.signed()
        self.init(
            feeEstimate: fee, recording: recording, closedOrdersKept: kept,
            inquiry: InquiryOptions(
                answerSeconds: answer, firstPauseSeconds: first, longestPauseSeconds: longest,
                validitySeconds: validity, absencesNeeded: try reader.value()),
            locksHoldings: bits & 2 != 0, splitsCapital: bits & 4 != 0)
        if bits & 8 != 0 { leverage = try reader.number() }
    }
}
