import Bytes

/// The types of Thrift's compact protocol, by their codes.
enum ThriftType: UInt8 {
    case yes = 1
    case no = 2
    case int8 = 3
    case int16 = 4
    case int32 = 5
    case int64 = 6
    case double = 7
    case binary = 8
    case list = 9
    case set = 10
    case map = 11
    case structure = 12
}

/// Writes structures in Thrift's compact protocol, in which Parquet keeps everything but the values.
///
/// A field is told by how much its number is above that of the field before it, so fields are written in ascending order.
struct ThriftWriter {
    private var writer = ByteWriter()
    private var last = 0

    var bytes: [UInt8] { writer.bytes }

    mutating func int32(_ id: Int, _ value: Int) {
        head(id, .int32)
        writer.signed(Int64(value))
    }

    mutating func int64(_ id: Int, _ value: Int) {
        head(id, .int64)
        writer.signed(Int64(value))
    }

    mutating func bool(_ id: Int, _ value: Bool) { head(id, value ? .yes : .no) }

    mutating func binary(_ id: Int, _ value: some Collection<UInt8>) {
        head(id, .binary)
        writer.block(value)
    }

    mutating func text(_ id: Int, _ value: String) { binary(id, Array(value.utf8)) }

    mutating func structure(_ id: Int, _ body: (inout ThriftWriter) -> Void) {
        head(id, .structure)
        element(body)
    }

    mutating func list<Element>(_ id: Int, _ elements: [Element], _ body: (inout ThriftWriter, Element) -> Void) {
        listHead(id, .structure, elements.count)
        for value in elements { element { body(&$0, value) } }
    }

    mutating func list(_ id: Int, int32 elements: [Int]) {
        listHead(id, .int32, elements.count)
        for value in elements { writer.signed(Int64(value)) }
    }

    mutating func list(_ id: Int, texts elements: [String]) {
        listHead(id, .binary, elements.count)
        for value in elements { writer.block(Array(value.utf8)) }
    }

    /// The end of the outermost structure.
    mutating func stop() { writer.byte(0) }

    private mutating func element(_ body: (inout ThriftWriter) -> Void) {
        let outer = last
        last = 0
        body(&self)
        writer.byte(0)
        last = outer
    }

    private mutating func head(_ id: Int, _ type: ThriftType) {
        let delta = id - last
        if (1...15).contains(delta) {
            writer.byte(UInt8(delta) << 4 | type.rawValue)
        } else {
            writer.byte(type.rawValue)
            writer.signed(Int64(id))
        }
        last = id
    }

    private mutating func listHead(_ id: Int, _ type: ThriftType, _ count: Int) {
        head(id, .list)
        if count < 15 {
            writer.byte(UInt8(count) << 4 | type.rawValue)
        } else {
            writer.byte(0xF0 | type.rawValue)
            writer.count(count)
        }
    }
}
