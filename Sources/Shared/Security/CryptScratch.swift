import CCrypto
import Glibc

/// The 32 KiB `crypt_r` works in: zeroed, on the heap, one per thread that hashes, wiped and freed when that thread
/// ends.
enum CryptScratch {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = pthread_key_create(&key) { scratch in
            OPENSSL_cleanse(scratch, MemoryLayout<crypt_data>.size)
            free(scratch)
        }
        precondition(code == 0, "no thread-specific key left")
        return key
    }()

    static func ofThisThread() -> UnsafeMutablePointer<crypt_data> {
        if let known = pthread_getspecific(key) { return known.assumingMemoryBound(to: crypt_data.self) }
        guard let fresh = calloc(1, MemoryLayout<crypt_data>.size), pthread_setspecific(key, fresh) == 0 else {
            fatalError("no memory for crypt_r")
        }
        return fresh.bindMemory(to: crypt_data.self, capacity: 1)
    }
}
