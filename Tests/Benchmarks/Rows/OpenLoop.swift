import Foundation
import Synchronization

/// Requests at a fixed pace, whether answers come or not: what is late counts from the moment it was due. As many
/// threads as may wait for an answer at once, with a connection each.
struct OpenLoop {
    struct Sample: Sendable {
        let index: Int
        let status: Int
        /// From the due moment to the answer.
        let milliseconds: Double
        let hasRetryAfter: Bool
        /// When it was due, milliseconds since 1970.
        let due: Double
    }

    let port: UInt16
    let threads: Int

    /// - Parameter rate: a second; 0: as fast as the threads get answers.
    func run(_ requests: [[UInt8]], rate: Double) throws -> [Sample] {
        let samples = Mutex<[Sample]>([])
        let broken = Atomic(0)
        let next = Atomic(0)
        let group = DispatchGroup()
        let began = Wall.now() + 50
        for _ in 0..<threads {
            group.enter()
            Thread.detachNewThread { [port] in
                defer { group.leave() }
                var connection = try? HTTPConnection(port: port)
                var own: [Sample] = []
                while true {
                    let index = next.add(1, ordering: .relaxed).oldValue
                    guard index < requests.count else { break }
                    let due = rate > 0 ? began + Double(index) / rate * 1000 : Wall.now()
                    Wall.sleep(until: due)
                    if connection == nil { connection = try? HTTPConnection(port: port) }
                    guard let answer = try? connection?.send(requests[index]) else {
                        connection = nil
                        broken.add(1, ordering: .relaxed)
                        continue
                    }
                    own.append(
                        Sample(
                            index: index, status: answer.status, milliseconds: Wall.now() - due,
                            hasRetryAfter: answer.head.lowercased().contains("\r\nretry-after:"), due: due))
                }
                samples.withLock { [own] in $0 += own }
            }
        }
        group.wait()
        guard broken.load(ordering: .relaxed) == 0 else {
            throw BenchmarkError("\(broken.load(ordering: .relaxed)) requests got no answer at all")
        }
        return samples.withLock { $0 }
    }
}

/// The wall clock in milliseconds since 1970, comparable between processes and with Kafka's timestamps.
enum Wall {
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
    }

    static func sleep(until due: Double) {
        let left = due - now()
        guard left > 0 else { return }
        var time = timespec(tv_sec: Int(left / 1000), tv_nsec: Int(left.truncatingRemainder(dividingBy: 1000) * 1e6))
        nanosleep(&time, nil)
    }
}
