import Model
import Synchronization

/// A settlement the record still asks for, and how far it is.
struct Unsettled {
    enum Phase {
        /// To be tried when its time comes.
        case waiting(SettlementProgress)
        /// In the pool.
        case acting
        /// Done; reported until the record shows it.
        case reporting(Settlement.Result, asked: Int)
    }

    let intent: SettlementIntent
    let ticket: SettlementTicket
    var phase: Phase
}

/// Where attempts leave their results for the partition, which alone touches its state.
final class SettlementMailbox: Sendable {
    struct Letter: Sendable {
        let id: VerificationID
        let ticket: SettlementTicket
        let step: SettlementStep
    }

    private let letters = Mutex<[Letter]>([])

    func put(_ letter: Letter) { letters.withLock { $0.append(letter) } }

    func takeAll() -> [Letter] {
        letters.withLock { letters in
            defer { letters.removeAll(keepingCapacity: true) }
            return letters
        }
    }
}
