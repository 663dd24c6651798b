import Model
import Runtime
import Security

/// Makes codes and their hashes. A code is derived, never stored: the same verification and generation give the same
/// one after any restart. Without the key it was opened with there is no code; that is an answer, not an error.
struct CodeForge: Sendable {
    let keyring: Keyring
    let pool: HashPool
    let cost: Int
    let hashes: Counter

    /// A code to be hashed for Verifier.
    struct Work: Sendable {
        let mac: [UInt8]
        let generation: Int
    }

    /// Whether this machine's libcrypt makes such hashes at all; asked before anything relies on it.
    func check() throws {
        do throws(CryptoError) {
            _ = try Bcrypt.hash([0], cost: Bcrypt.costs.lowerBound)
        } catch {
            throw EnvironmentFailure("libcrypt makes no bcrypt hashes: \(error)")
        }
    }

    func has(_ keyId: String) -> Bool { keyring[keyId] != nil }

    /// Nil without the key.
    static func code(_ id: VerificationID, _ request: SendRequest, _ keyring: Keyring) -> CodeText? {
        keyring[request.subject.keyId].map { derive($0, id, request) }
    }

    func work(_ id: VerificationID, _ request: SendRequest) -> Work? {
        guard let key = keyring[request.subject.keyId] else { return nil }
        let code = Self.derive(key, id, request)
        return Work(
            mac: GuessMAC.mac(pepper: key.pepper, id: id.uuid, code: code.digits), generation: request.generation)
    }

    /// The challenges of all, in order, hashed in parallel. Blocks: for a lane's thread.
    func challenges(_ works: [Work]) -> [Challenge] {
        let (cost, hashes) = (cost, hashes)
        return pool.map(works) { work in
            defer { hashes.add() }
            do throws(CryptoError) {
                return Challenge(generation: work.generation, hash: try Bcrypt.hash(work.mac, cost: cost))
            } catch {
                // The cost was checked with the configuration and libcrypt at the start.
                preconditionFailure("bcrypt: \(error)")
            }
        }
    }

    private static func derive(_ key: Keyring.Key, _ id: VerificationID, _ request: SendRequest) -> CodeText {
        OneTimeCode.derive(
            key: key.code, id: id.uuid, generation: request.generation,
            digits: request.subject.codeLength)
    }
}
