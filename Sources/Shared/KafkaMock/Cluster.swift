import CRdKafka
import Glibc

/// Owner of the C cluster. A mutex covers every use, so that closing can't overtake a call: the proof for
/// `@unchecked Sendable`.
final class Cluster: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let rk: OpaquePointer
    private var mock: OpaquePointer?

    init(rk: OpaquePointer, mock: OpaquePointer) {
        self.rk = rk
        self.mock = mock
        pthread_mutex_init(mutex, nil)
    }

    deinit {
        close()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Does nothing once closed.
    func use(_ body: (OpaquePointer) -> Void) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if let mock { body(mock) }
    }

    func close() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard let cluster = mock else { return }
        mock = nil
        rd_kafka_mock_cluster_destroy(cluster)
        rd_kafka_destroy(rk)
    }
}
