public import Market

/// A strategy class: what it is called, means and takes, and how one is made.
public struct StrategyClass: Sendable {
    /// What it is called, means and takes.
    public let descriptor: StrategyDescriptor
    /// The candles that its strategies must see; `nil` where any will do.
    public let timeframe: Timeframe?
    private let maker: @Sendable (Parameters) throws(ParameterErrors) -> any Strategy

    /// A class of its parts.
    ///
    /// - Parameters:
    ///   - timeframe: the candles that its strategies must see; `nil` where any will do.
    ///   - maker: makes a strategy of checked parameters, the same one of the same parameters.
    public init(
        _ descriptor: StrategyDescriptor, timeframe: Timeframe? = nil,
        maker: @escaping @Sendable (Parameters) throws(ParameterErrors) -> any Strategy
    ) {
        self.descriptor = descriptor
        self.timeframe = timeframe
        self.maker = maker
    }

    /// The class that a type of the program is.
    public init(_ type: any CompiledStrategy.Type) {
        self.init(type.descriptor) { (parameters: Parameters) throws(ParameterErrors) -> any Strategy in
            try type.init(parameters)
        }
    }

    /// A strategy with these parameters.
    ///
    /// - Throws: `ParameterErrors` when parameters contradict each other (a fast period not below the slow one).
    public func make(_ parameters: Parameters) throws(ParameterErrors) -> any Strategy { try maker(parameters) }

    /// What is wrong with candles of a timeframe, in words; `nil` where nothing is.
    public func problem(with timeframe: Timeframe) -> String? {
        guard let needed = self.timeframe, needed != timeframe else { return nil }
        return "it looks at longer candles beside those of \(needed), and must see those, not \(timeframe)"
    }

    /// What people call a class of this name. The name of a class that is written down as rules is their whole text, so
    /// that it goes wherever the name goes; people see its first line.
    public static func title(of name: String) -> String {
        name.utf8.contains(0x0A) ? String(name.prefix { $0 != "\n" }) : name
    }
}

/// The strategy classes that the kernel can make, by name.
public struct StrategyCatalog: Sendable {
    /// The classes, in the order they are listed to people.
    public private(set) var classes: [StrategyClass]
    private let reader: (@Sendable (String) -> StrategyClass?)?

    /// A catalogue of types of the program.
    ///
    /// - Parameter reader: makes a class of a name that is no listed one's, where the name says all of it; `nil` for a name
    ///   that says nothing. A pure function.
    public init(_ types: [any CompiledStrategy.Type], reader: (@Sendable (String) -> StrategyClass?)? = nil) {
        classes = types.map(StrategyClass.init)
        self.reader = reader
    }

    /// This catalogue with a further type of the program at the end of its list.
    public func adding(_ type: any CompiledStrategy.Type) -> StrategyCatalog {
        var catalog = self
        catalog.classes.append(StrategyClass(type))
        return catalog
    }

    /// The class named `name`, or `nil`. O(classes), or what the reader takes.
    public func strategyClass(named name: String) -> StrategyClass? {
        classes.first { $0.descriptor.name == name } ?? reader?(name)
    }
}
