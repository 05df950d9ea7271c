import Trading

extension ParameterDescriptor {
    /// The switch that every bundled strategy ends its parameters with.
    static let allowShort = ParameterDescriptor.toggle(
        "allow-short", "Sells short where it would otherwise only leave; the instrument must allow shorts.",
        default: false)

    /// The longest window a parameter of a bundled strategy may ask for, in candles.
    static let longestWindow = 5_000
}

extension Parameters {
    /// Checks that the parameter `lower` is below the parameter `upper`.
    ///
    /// - Throws: `ParameterErrors`, naming both values.
    func require(_ lower: String, below upper: String) throws(ParameterErrors) {
        guard self[lower] >= self[upper] else { return }
        let texts = self.texts
        func text(_ name: String) -> String { texts.first { $0.name == name }?.text ?? "" }
        throw ParameterErrors(problems: [
            ParameterError(
                parameter: lower,
                problem: "\(text(lower)) must be below \(upper), which is \(text(upper))")
        ])
    }
}
