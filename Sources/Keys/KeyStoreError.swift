/// Why keys can't be read, kept or used. Never holds anything of a secret.
public struct KeyStoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public var kind: Kind
    /// What it is about: a file, or a key's name.
    public var subject: String
    /// What was seen, what was expected and what to do, in words.
    public var detail: String

    /// The kinds of trouble.
    public enum Kind: Sendable, Hashable {
        /// There is no key store, or no file of a pass phrase.
        case notThere
        /// The pass phrase is not the one of the store.
        case wrongPassphrase
        /// The file is not as it was written.
        case damaged
        /// The file was written by a later release.
        case tooNew
        /// Others than the owner may read or change it.
        case exposed
        /// There is a key of this name already.
        case duplicate
        /// There is no key of this name.
        case unknownName
        /// A key, a name or a pass phrase is not what one looks like.
        case malformed
        /// A key of one environment was to be used in another, or may do what no key here may.
        case forbidden
        /// The file can't be made.
        case cannotCreate
        /// Reading or writing failed.
        case inputOutput
        /// libcrypto failed.
        case cryptography
    }

    /// An error of its parts.
    public init(_ kind: Kind, _ subject: String, _ detail: String) {
        self.kind = kind
        self.subject = subject
        self.detail = detail
    }

    /// The exit code after `sysexits.h` for a command that ends with this error.
    public var exitCode: Int32 {
        switch kind {
        case .duplicate, .unknownName, .forbidden: return 1
        case .damaged, .tooNew, .malformed: return 65
        case .notThere: return 66
        case .cryptography: return 70
        case .cannotCreate: return 73
        case .inputOutput: return 74
        case .wrongPassphrase, .exposed: return 77
        }
    }

    /// What it is about and what is wrong, in one line.
    public var description: String { "\(subject): \(detail)" }
}
