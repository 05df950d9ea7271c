import Market

/// Sorts prints by size: small, medium and large, relative to the prints around them.
struct TradeSizes: Hashable, Sendable {
    /// Prints from this quantity on are medium.
    let medium: Int64
    /// Prints from this quantity on are large.
    let large: Int64

    /// How large a print is.
    enum Bucket: Int, Hashable, Sendable {
        case small, medium, large
    }

    /// The middle one of the prints' sizes and their 90th percentile, on round numbers so that marks stay as they are
    /// while prints come and go. O(n log n).
    init(_ prints: [TradePrint]) {
        let sizes = prints.map(\.quantity.mantissa).sorted()
        guard !sizes.isEmpty else {
            medium = 1
            large = 1
            return
        }
        medium = NiceNumbers.roundStep(atLeast: Double(sizes[sizes.count / 2]))
        large = max(medium, NiceNumbers.roundStep(atLeast: Double(sizes[sizes.count * 9 / 10])))
    }

    /// The bucket of a quantity.
    func bucket(_ quantity: Quantity) -> Bucket {
        quantity.mantissa >= large ? .large : quantity.mantissa >= medium ? .medium : .small
    }
}
