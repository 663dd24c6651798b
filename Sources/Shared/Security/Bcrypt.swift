import CCrypto
import Glibc

import FoundationEssentials

/// bcrypt `$2b$` of base64(MAC) by libcrypt. Takes milliseconds by intent (cost 10: 43 ms): call it on ``HashPool``,
/// never on the cooperative pool or an event loop. Thread safe: each thread has its own scratch memory.
public enum Bcrypt {
    public static let costs = 4...16

    /// 60 characters with a fresh random salt. Throws for a cost outside 4…16.
    public static func hash(_ mac: [UInt8], cost: Int) throws(CryptoError) -> String {
        guard costs.contains(cost) else { throw CryptoError(.costOutOfRange) }
        guard let setting = setting(cost: cost, salt: randomBytes(16)),
            let hash = crypt(phrase: phrase(of: mac), setting: setting)
        else { throw CryptoError(.hashRefused) }
        return hash
    }

    /// Whether `hash` was made of this MAC. Anything that is not a `$2b$` hash of an allowed cost is false, unhashed.
    public static func verify(_ mac: [UInt8], against hash: String) -> Bool {
        guard let cost = cost(of: hash), costs.contains(cost),
            let again = crypt(phrase: phrase(of: mac), setting: hash)
        else { return false }
        return constantTimeEquals(Array(again.utf8), Array(hash.utf8))
    }

    /// The cost of a well-formed `$2b$` hash: `$2b$NN$` and 53 characters of bcrypt's own base64.
    static func cost(of hash: String) -> Int? {
        let bytes = Array(hash.utf8)
        guard bytes.count == 60, hash.hasPrefix("$2b$"), bytes[6] == UInt8(ascii: "$"),
            bytes[7...].allSatisfy({ isAlphabet($0) })
        else { return nil }
        return Int(String(decoding: bytes[4..<6], as: UTF8.self))
    }

    private static func isAlphabet(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    /// 44 characters, within bcrypt's 72 bytes and without the NUL that would end a raw MAC early.
    private static func phrase(of mac: [UInt8]) -> [UInt8] {
        Array(Data(mac).base64EncodedString().utf8)
    }

    static func setting(cost: Int, salt: [UInt8]) -> String? {
        var output = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let made = salt.withUnsafeBytes { salt in
            crypt_gensalt_rn(
                "$2b$", UInt(cost), salt.bindMemory(to: CChar.self).baseAddress, Int32(salt.count), &output,
                Int32(output.count))
        }
        return made.map { String(cString: $0) }
    }

    /// libcrypt's `crypt_r` of a phrase without NUL; nil when it refuses the setting (it then answers with a leading
    /// `*`).
    static func crypt(phrase: [UInt8], setting: String) -> String? {
        let terminated = phrase.map { CChar(bitPattern: $0) } + [0]
        guard let answer = crypt_r(terminated, setting, CryptScratch.ofThisThread()) else { return nil }
        let text = String(cString: answer)
        return text.hasPrefix("*") ? nil : text
    }
}
