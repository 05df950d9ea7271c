import Foundation
import Testing

@testable import Keys

@Suite("where a pass phrase comes from", .serialized)
struct PassphraseSourceTests {
    private let directory: PrivateDirectory

    init() throws { directory = try PrivateDirectory() }

    @Test(
        "a file's line break at its end is not part of it",
        arguments: ["a pass phrase", "a pass phrase\n", "a pass phrase\r\n"])
    func file(_ text: String) throws {
        try directory.write(Array(text.utf8), "phrase")
        #expect(try PassphraseSource.file(directory.path + "/phrase") == Secret(text: "a pass phrase"))
    }

    @Test("a file that others may read is refused")
    func exposed() throws {
        try directory.write(Array("a pass phrase".utf8), "phrase", mode: 0o640)
        let error = #expect(throws: KeyStoreError.self) { try PassphraseSource.file(directory.path + "/phrase") }
        #expect(error?.kind == .exposed && error?.detail.contains("chmod 600") == true)
    }

    @Test("an empty, a missing and a huge file are refused")
    func unusable() throws {
        try directory.write([0x0A], "empty")
        try directory.write([UInt8](repeating: 0x41, count: 5_000), "huge")
        for (name, kind) in [("empty", KeyStoreError.Kind.malformed), ("huge", .malformed), ("missing", .notThere)] {
            let error = #expect(throws: KeyStoreError.self) { try PassphraseSource.file(directory.path + "/" + name) }
            #expect(error?.kind == kind, "\(name)")
        }
    }

    @Test("the variable is taken once, and nobody inherits it; the file's variable comes second")
    func environment() throws {
        try directory.write(Array("of the file".utf8), "phrase")
        setenv(PassphraseSource.fileVariable, directory.path + "/phrase", 1)
        setenv(PassphraseSource.variable, "of the environment", 1)
        defer { unsetenv(PassphraseSource.fileVariable) }
        #expect(try PassphraseSource.environment() == Secret(text: "of the environment"))
        #expect(getenv(PassphraseSource.variable) == nil)
        #expect(try PassphraseSource.environment() == Secret(text: "of the file"))
    }

    @Test("taken at the start it is given later, once; overwritten where it was, and forgotten where nobody asks")
    func taken() throws {
        setenv(PassphraseSource.variable, "of the environment", 1)
        let place = try #require(getenv(PassphraseSource.variable))
        PassphraseSource.take()
        #expect(getenv(PassphraseSource.variable) == nil)
        #expect((0..<18).allSatisfy { place[$0] == 0 })
        #expect(try PassphraseSource.environment() == Secret(text: "of the environment"))
        #expect(try PassphraseSource.environment() == nil)
        setenv(PassphraseSource.variable, "of the environment", 1)
        PassphraseSource.take()
        PassphraseSource.forget()
        #expect(try PassphraseSource.environment() == nil)
    }

    @Test("without any there is none")
    func none() throws { #expect(try PassphraseSource.environment() == nil) }
}
