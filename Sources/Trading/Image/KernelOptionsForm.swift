public import Bytes
import Market

extension KernelOptions: BinaryCodable {
    /// Appends everything but the probe, which is a place in this process.
    public func write(to writer: inout ByteWriter) {
        writer.value(feeEstimate)
        writer.bool(recording == .everything)
        writer.count(closedOrdersKept)
        for number in [
            inquiry.answerSeconds, inquiry.firstPauseSeconds, inquiry.longestPauseSeconds, inquiry.validitySeconds,
        ] {
            writer.signed(number)
        }
        writer.value(inquiry.absencesNeeded)
    }

    /// Reads options without a probe.
    public init(from reader: inout ByteReader) throws(MalformedBytes) {
        let fee = try reader.value(Ratio.self)
        let recording: Recording = try reader.bool() ? .everything : .results
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
                validitySeconds: validity, absencesNeeded: try reader.value()))
    }
}
