import CStandIn
import Market
import Simulation

/// Makes the accounts of a stand-in and the files of their keys.
enum DemoAccounts {
    /// What an account begins with, and what a client needs to act for it.
    struct Plan: Sendable {
        var keys: [APIKey]
        var balances: [(Currency, Int128)]
        var told: StandInAccount
    }

    /// The plans of all accounts; their key files are written.
    static func plan(
        _ options: StandInOptions, _ profiles: [SyntheticInstrument]
    ) throws(StandInError) -> [Plan] {
        var made: [Plan] = []
        for number in 0..<options.accounts {
            var source = try KeySource(seed: options.seed, account: number)
            let apiKey = source.name(64)
            let secret = source.name(64)
            let ed25519Key = source.name(64)
            let seed = source.bytes(32)
            var publicKey = [UInt8](repeating: 0, count: 32)
            guard standin_ed25519_public(seed, &publicKey) == 1 else { throw .crypto("an Ed25519 key") }
            var pem = [CChar](repeating: 0, count: 1_024)
            let count = standin_ed25519_pem(seed, &pem, pem.count)
            guard count > 0 else { throw .crypto("the file of an Ed25519 key") }
            let suffix = number == 0 ? "" : "-\(number + 1)"
            let file = "\(options.directory)/ed25519\(suffix).pem"
            try PrivateFile.write(pem.prefix(count).map { UInt8(bitPattern: $0) }, to: file)
            let keys = [
                APIKey(name: apiKey, kind: .hmac(secret: secret)),
                APIKey(name: ed25519Key, kind: .ed25519(publicKey: publicKey)),
            ]
            made.append(
                Plan(
                    keys: keys, balances: balances(options, profiles),
                    told: StandInAccount(apiKey: apiKey, secret: secret, ed25519Key: ed25519Key, ed25519File: file)))
        }
        return made
    }

    private static func balances(
        _ options: StandInOptions, _ profiles: [SyntheticInstrument]
    ) -> [(Currency, Int128)] {
        var balances = profiles.map { profile in
            // To the quantity step, so that all of it can be sold.
            let steps = Int64(Double(options.baseBalance) / profile.basePrice * 1e8)
            let step = profile.instrument.rules.quantityStep.mantissa
            return (profile.instrument.base, Int128(steps / step * step) * 100_000_000)
        }
        balances.append((.usdt, Money(whole: options.quoteBalance, .usdt).units))
        return balances
    }
}

/// Where keys come from: libcrypto's random bytes, or a seed for a demonstration whose keys are worth nothing.
private struct KeySource {
    private var generator: SeededGenerator?

    init(seed: UInt64?, account: Int) throws(StandInError) {
        generator = seed.map { SeededGenerator(seed: $0 &* 0x9E37_79B9_7F4A_7C15 &+ UInt64(account)) }
        var probe = [UInt8](repeating: 0, count: 8)
        guard standin_random(&probe, 8) == 1 else { throw .crypto("random bytes") }
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        if generator != nil {
            return (0..<count).map { _ in UInt8(truncatingIfNeeded: generator?.next() ?? 0) }
        }
        var bytes = [UInt8](repeating: 0, count: count)
        precondition(standin_random(&bytes, count) == 1, "random bytes were there a moment ago")
        return bytes
    }

    /// A text of letters and digits, each as likely as the others.
    mutating func name(_ count: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var text: [UInt8] = []
        while text.count < count {
            // 248 is the largest multiple of 62 in a byte.
            for byte in bytes(count) where byte < 248 && text.count < count { text.append(alphabet[Int(byte) % 62]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
