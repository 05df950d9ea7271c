extension Parameters {
    /// The same values with the meaning that a class gives them: bytes carry names and values alone. A parameter that
    /// the class has gained takes its default; one that it has lost is dropped.
    ///
    /// - Throws: `ParameterErrors` with every value that is out of range.
    public func described(by descriptors: [ParameterDescriptor]) throws(ParameterErrors) -> Parameters {
        if self.descriptors == descriptors { return self }
        var values: [Double] = []
        var problems: [ParameterError] = []
        for descriptor in descriptors {
            let place = self.descriptors.firstIndex { $0.name == descriptor.name }
            let value = place.map { self.values[$0] } ?? descriptor.defaultValue
            do {
                try descriptor.check(value)
            } catch {
                problems.append(error)
            }
            values.append(value)
        }
        guard problems.isEmpty else { throw ParameterErrors(problems: problems) }
        return Parameters(descriptors, values: values)
    }
}
