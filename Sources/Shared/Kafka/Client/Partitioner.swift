/// Java's default partitioner for keyed records, which librdkafka calls `murmur2_random`: two topics with the same
/// number of partitions and the same key bytes meet in the same partition, whoever wrote them.
public enum Partitioner {
    /// - Parameter count: number of partitions, at least 1.
    public static func partition(of key: [UInt8], count: Int32) -> Int32 {
        Int32(murmur2(key) & 0x7fff_ffff) % count
    }

    /// MurmurHash 2 with Kafka's seed (org.apache.kafka.common.utils.Utils.murmur2).
    static func murmur2(_ data: [UInt8]) -> UInt32 {
        let m: UInt32 = 0x5bd1_e995
        var h: UInt32 = 0x9747_b28c ^ UInt32(truncatingIfNeeded: data.count)
        var i = 0
        while i + 4 <= data.count {
            var k =
                UInt32(data[i]) | UInt32(data[i + 1]) << 8 | UInt32(data[i + 2]) << 16 | UInt32(data[i + 3]) << 24
            k = k &* m
            k ^= k >> 24
            k = k &* m
            h = h &* m
            h ^= k
            i += 4
        }
        let tail = data.count - i
        if tail >= 3 { h ^= UInt32(data[i + 2]) << 16 }
        if tail >= 2 { h ^= UInt32(data[i + 1]) << 8 }
        if tail >= 1 {
            h ^= UInt32(data[i])
            h = h &* m
        }
        h ^= h >> 13
        h = h &* m
        h ^= h >> 15
        return h
    }
}
