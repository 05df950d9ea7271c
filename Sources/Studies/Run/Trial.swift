public import Storage

/// A trial that has ended.
public struct Trial: Sendable, Hashable {
    /// The window of a walk-forward, 0 elsewhere.
    public var stage: Int
    /// Its number within the stage, from 0.
    public var number: Int
    /// The values it tried, in the order of the space's dimensions.
    public var point: [Double]
    /// How it ended.
    public var state: TrialRecord.State
    /// What is to be great; `nil` where it is undefined.
    public var objective: Double?
    /// By how much the constraints are broken; `nil` where that is unknown.
    public var violation: Double?
    /// The objective at each look that it came to, `nil` where undefined.
    public var looks: [Double?]
    /// The figures, in the order of `FigureNames.all`; none of a trial that never ran.
    public var figures: [Double?]

    /// The figure of a key; `nil` where it is undefined.
    public func figure(_ key: String) -> Double? {
        FigureNames.all.firstIndex(of: key).flatMap { figures.indices.contains($0) ? figures[$0] : nil }
    }
}
