public import Trading

/// What a session that is run again begins with: the kernel, and the simulated venue where there is one.
public struct SessionState: Sendable {
    /// The kernel.
    public var kernel: KernelImage
    /// The simulated venue; `nil` where another venue fills.
    public var venue: SimulatedVenueImage?
    /// A state of its parts.
    public init(kernel: KernelImage, venue: SimulatedVenueImage?) {
        self.kernel = kernel
        self.venue = venue
    }
}
