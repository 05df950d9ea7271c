import Bytes
import Trading

/// The release of the program; screens attach to engines of their own.
public enum WickRelease {
    /// As people read it.
    public static let version = "0.1.0"
}

/// What a screen and an engine say to each other over `screen.sock`: frames of a length (four bytes, little-endian), a
/// kind (one byte) and a content.
///
/// The first frame of either side never changes its form, so that any two versions can tell each other that they don't
/// fit: a screen begins with `hello`, whose content begins with `magic` and the version, and an engine that won't have
/// it answers with `refusal`, a text.
enum ScreenProtocol {
    /// Counts up whenever any form that travels over the socket changes.
    static let version: UInt16 = 9
    /// What a screen begins with.
    static let magic = "wick screen"
    /// The socket's name within the data directory.
    static let socketName = "screen.sock"
    /// The longest frame that an engine takes, in bytes.
    static let maximumRequestBytes = 1 << 20
    /// The longest frame that a screen takes, in bytes.
    static let maximumAnswerBytes = 1 << 28
}

/// What a screen says first.
struct ScreenHello: Equatable {
    var version = ScreenProtocol.version
    var release = WickRelease.version
    var wish: ScreenWish
    /// Where it is, `pts/4`.
    var place: String

    func write(to writer: inout ByteWriter) {
        writer.text(ScreenProtocol.magic)
        writer.fixed(version)
        writer.text(release)
        writer.raw(wish)
        writer.text(place)
    }

    /// Reads as much as every version has; what follows only when the version is ours.
    init(from reader: inout ByteReader) throws(MalformedBytes) {
        guard try reader.text() == ScreenProtocol.magic else {
            throw MalformedBytes("this is no screen", at: reader.offset)
        }
        version = try reader.fixed()
        release = try reader.text()
        wish = .watch
        place = ""
        guard version == ScreenProtocol.version else { return }
        wish = try reader.raw()
        place = try reader.text()
    }

    init(wish: ScreenWish, place: String) {
        self.wish = wish
        self.place = place
    }
}

/// What a screen says.
enum ScreenRequest {
    /// Once, at first.
    case hello(ScreenHello)
    /// Asks for something; the reply has the number.
    case ask(UInt64, EngineRequest)
    /// Asks which series are stored; the answer has the number.
    case series(UInt64)
    /// What the next screen is to look like.
    case keepView([UInt8])
    /// It has taken the last snapshot and wants the next one.
    case next
    /// Asks the engine to end in order.
    case endEngine
    /// It goes because a person wants it to.
    case goodbye

    /// Appends the request as a frame.
    func frame(to writer: inout ByteWriter) {
        Frames.append(to: &writer) { body in
            switch self {
            case .hello(let hello):
                body.byte(1)
                hello.write(to: &body)
            case .ask(let number, let request):
                body.byte(2)
                body.unsigned(number)
                body.value(request)
            case .series(let number):
                body.byte(3)
                body.unsigned(number)
            case .keepView(let bytes):
                body.byte(4)
                body.block(bytes)
            case .next: body.byte(5)
            case .endEngine: body.byte(6)
            case .goodbye: body.byte(7)
            }
        }
    }

    /// Reads the content of a frame.
    init(_ bytes: ArraySlice<UInt8>) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        switch try reader.byte() {
        case 1: self = .hello(try ScreenHello(from: &reader))
        case 2: self = .ask(try reader.unsigned(), try reader.value())
        case 3: self = .series(try reader.unsigned())
        case 4: self = .keepView(Array(try reader.block()))
        case 5: self = .next
        case 6: self = .endEngine
        case 7: self = .goodbye
        case let other: throw MalformedBytes("\(other) is no message of a screen", at: reader.offset)
        }
    }
}

/// What a screen is told when it may come in.
struct ScreenWelcome {
    /// The engine's process.
    var process: Int32
    /// What the screen may do.
    var role: ScreenRole
    /// What the last screen looked like.
    var view: [UInt8]?
    /// The strategy classes there are.
    var classes: [StrategyDescriptor]
}

/// What an engine says to a screen.
enum ScreenAnswer {
    /// Once, at first.
    case welcome(ScreenWelcome)
    /// Why the screen may not come in; nothing follows.
    case refusal(String)
    /// What changed since the last snapshot sent, in the form of `SnapshotDelta`.
    case snapshot(ArraySlice<UInt8>)
    /// The reply to a request.
    case reply(UInt64, EngineReply)
    /// What the screen may do from now on.
    case role(ScreenRole)
    /// The series that are stored.
    case series(UInt64, [StoredSeries])
    /// Why nothing follows any more.
    case end(String)
}

extension ScreenAnswer {
    /// Appends the answer as a frame.
    func frame(to writer: inout ByteWriter) {
        Frames.append(to: &writer) { body in
            switch self {
            case .welcome(let welcome):
                body.byte(1)
                body.fixed(welcome.process)
                body.role(welcome.role)
                body.bool(welcome.view != nil)
                if let view = welcome.view { body.block(view) }
                DescriptorCoding.write(welcome.classes, to: &body)
            case .refusal(let text):
                body.byte(2)
                body.text(text)
            case .snapshot(let bytes):
                body.byte(3)
                body.raw(bytes)
            case .reply(let number, let reply):
                body.byte(4)
                body.unsigned(number)
                body.value(reply)
            case .role(let role):
                body.byte(5)
                body.role(role)
            case .series(let number, let series):
                body.byte(6)
                body.unsigned(number)
                body.array(series)
            case .end(let text):
                body.byte(7)
                body.text(text)
            }
        }
    }

    /// Reads the content of a frame.
    init(_ bytes: ArraySlice<UInt8>) throws(MalformedBytes) {
        var reader = ByteReader(bytes)
        switch try reader.byte() {
        case 1:
            let process: Int32 = try reader.fixed()
            let role = try reader.role()
            let view = try reader.bool() ? Array(try reader.block()) : nil
            self = .welcome(
                ScreenWelcome(process: process, role: role, view: view, classes: try DescriptorCoding.read(&reader)))
        case 2: self = .refusal(try reader.text())
        case 3: self = .snapshot(bytes.dropFirst())
        case 4: self = .reply(try reader.unsigned(), try reader.value())
        case 5: self = .role(try reader.role())
        case 6: self = .series(try reader.unsigned(), try reader.array())
        case 7: self = .end(try reader.text())
        case let other: throw MalformedBytes("\(other) is no message of an engine", at: reader.offset)
        }
    }
}

extension ByteWriter {
    fileprivate mutating func role(_ role: ScreenRole) {
        switch role {
        case .control: byte(0)
        case .watch(let holder):
            byte(1)
            optional(holder)
        }
    }
}

extension ByteReader {
    fileprivate mutating func role() throws(MalformedBytes) -> ScreenRole {
        switch try byte() {
        case 0: return .control
        case 1: return .watch(holder: try optional())
        case let other: throw MalformedBytes("\(other) is no role of a screen", at: offset)
        }
    }
}
