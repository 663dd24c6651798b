import Foundation
import Kafka
import Model
import Pipeline
import Security

/// Verifications that wait for their code, put on `otp.attempts` as the other daemons would; their code is nobody's, so
/// that every guess is wrong and costs a hash.
struct OpenVerifications {
    let world: BenchmarkWorld
    let count: Int
    private let sample = SampleVerifications()
    private let tokens: [String]

    init(_ world: BenchmarkWorld, count: Int) {
        self.world = world
        self.count = count
        tokens = (0..<count).map {
            world.identity.token(platform: "shopify", shop: "s", order: SampleVerifications.order($0)).text
        }
    }

    /// What one has been told so far: opened, its code's hash, its first text sent; and `looks` questions.
    ///
    /// - Parameter hash: nil: something of the shape of a hash.
    func produce(hash: String?, looks: Int = 0) throws {
        let producer = try Producer(
            world.kafka,
            tuning: ProducerTuning(
                lingerMs: 20, messageTimeoutMs: 120_000, queuedMessages: 100_000, queuedKilobytes: 262_144))
        defer { producer.close(deadline: .seconds(30)) }
        var records: [OutgoingRecord] = []
        for number in 0..<count {
            guard let token = world.identity.accept(tokens[number]) else { throw BenchmarkError("a token") }
            let id = VerificationID(token.verificationId)
            let challenge = Challenge(generation: 1, hash: hash ?? sample.hash())
            let asks = (0..<looks).map { look in
                AttemptMessage.look(
                    AttemptMessage.Ask(
                        correlation: "\(number)/\(look)", replyPartition: Int32(number) % world.topology.partitions))
            }
            let messages =
                [.opened(sample.subject(number)), .challenged(challenge), .sent(TextReport(number: 1, generation: 1))]
                + asks
            records += messages.map { $0.record(id, world.topology) }
            if records.count >= 20_000 || number == count - 1 {
                try producer.sendAll(records, deadline: .seconds(120))
                records.removeAll(keepingCapacity: true)
            }
        }
    }

    /// Guesses, each verification's at a distance: one may be in flight of each, five may be wrong. All from addresses
    /// of their own.
    func guesses(_ numbers: Range<Int>) -> [[UInt8]] {
        numbers.map { number in
            let body = "{\"code\":\"\(100_000 + number / count)\"}"
            let address = "198.18.\(number >> 8 & 255).\(number & 255)"
            return Array(
                ("POST /api/v1/verifications/\(tokens[number % count])/attempts HTTP/1.1\r\nHost: bench\r\n"
                    + "X-Forwarded-For: \(address)\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
        }
    }
}
