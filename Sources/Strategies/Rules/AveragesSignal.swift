import Trading

/// The signal of two averages that have crossed; the typical distance between them is a thousandth of the slow one.
@inline(never)
func averagesSignal(_ event: Crossing.Event, fast: Double, slow: Double, exit: Direction) -> Signal {
    Signal(
        event == .above ? .long : exit,
        confidence: confidence(distance: fast - slow, unit: abs(slow) / 1_000),
        rule: event == .above ? "fast average crossed above slow" : "fast average crossed below slow",
        values: [NamedValue("fast", fast), NamedValue("slow", slow)])
}
