import Bytes
import Strategies
public import Trading

/// Descriptors of strategy classes, which forms are made of.
enum DescriptorCoding {
    /// Appends descriptors behind their count.
    static func write(_ descriptors: [StrategyDescriptor], to writer: inout ByteWriter) {
        writer.count(descriptors.count)
        for descriptor in descriptors {
            writer.text(descriptor.name)
            writer.text(descriptor.summary)
            writer.count(descriptor.parameters.count)
            for parameter in descriptor.parameters { write(parameter, to: &writer) }
            writer.count(descriptor.overlays.count)
            for overlay in descriptor.overlays {
                writer.text(overlay.indicator)
                writer.array(overlay.parameters)
            }
        }
    }

    /// Reads descriptors.
    static func read(_ reader: inout ByteReader) throws(MalformedBytes) -> [StrategyDescriptor] {
        var descriptors: [StrategyDescriptor] = []
        for _ in 0..<(try reader.count(minimumSize: 4)) {
            var descriptor = StrategyDescriptor(name: try reader.text(), summary: try reader.text(), parameters: [])
            for _ in 0..<(try reader.count(minimumSize: 37)) {
                descriptor.parameters.append(try readParameter(&reader))
            }
            for _ in 0..<(try reader.count(minimumSize: 2)) {
                descriptor.overlays.append(OverlayDescriptor(try reader.text(), try reader.array()))
            }
            descriptors.append(descriptor)
        }
        return descriptors
    }

    private static func write(_ parameter: ParameterDescriptor, to writer: inout ByteWriter) {
        for text in [parameter.name, parameter.meaning, parameter.unit] { writer.text(text) }
        writer.bool(parameter.isInteger)
        writer.bool(parameter.isSwitch)
        for number in [
            parameter.defaultValue, parameter.bounds.lowerBound, parameter.bounds.upperBound, parameter.step,
        ] {
            writer.double(number)
        }
    }

    private static func readParameter(_ reader: inout ByteReader) throws(MalformedBytes) -> ParameterDescriptor {
        let (name, meaning, unit) = (try reader.text(), try reader.text(), try reader.text())
        let (isInteger, isSwitch) = (try reader.bool(), try reader.bool())
        let value = try reader.double()
        let (lower, upper, step) = (try reader.double(), try reader.double(), try reader.double())
        guard lower <= upper else { throw MalformedBytes("a parameter's bounds are none", at: reader.offset) }
        var parameter = ParameterDescriptor.number(
            name, meaning, unit: unit, default: value, in: lower...upper, step: step)
        parameter.isInteger = isInteger
        parameter.isSwitch = isSwitch
        return parameter
    }
}

extension [StrategyDescriptor] {
    /// The description of a class: one of these, or what its name says where that is the text of its rules.
    public func named(_ className: String) -> StrategyDescriptor? {
        if let listed = first(where: { $0.name == className }) { return listed }
        guard StrategyClass.title(of: className) != className else { return nil }
        return StrategyCatalog.bundled.strategyClass(named: className)?.descriptor
    }
}

// Bytes carry a parameter's name and value; what it means, the class says.

extension StrategyRegistration {
    /// The registration with its parameters described by its class; as it is where the class is not known.
    fileprivate func described(by classes: [StrategyDescriptor]) -> StrategyRegistration {
        guard let descriptors = classes.named(className)?.parameters,
            let parameters = try? parameters.described(by: descriptors)
        else { return self }
        var described = self
        described.parameters = parameters
        return described
    }
}

extension Snapshot {
    /// The snapshot with the parameters of its strategies described.
    func described(by classes: [StrategyDescriptor]) -> Snapshot {
        var described = self
        for index in strategies.indices {
            described.strategies[index].registration = strategies[index].registration.described(by: classes)
        }
        return described
    }
}

extension EngineRequest {
    /// The request with the parameters in it described.
    func described(by classes: [StrategyDescriptor]) -> EngineRequest {
        switch self {
        case .addStrategy(let registration): .addStrategy(registration.described(by: classes))
        case .changeStrategy(let registration): .changeStrategy(registration.described(by: classes))
        default: self
        }
    }
}
