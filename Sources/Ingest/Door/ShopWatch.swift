import Base
import Model
import Pipeline
import Synchronization

/// Waits until the table of shops shows something: how the door knows that the shop's owner has done what it was asked.
final class ShopWatch: Sendable {
    /// One thing that is waited for. Registered before the owner is asked, so that the answer can't be missed.
    final class Expectation: Sendable {
        private struct State {
            var result: Bool?
            var continuation: CheckedContinuation<Bool, Never>?
        }

        fileprivate let shop: String
        fileprivate let deadline: Int64
        fileprivate let isMet: @Sendable (ShopRecord?) -> Bool
        private let state = Mutex(State())

        fileprivate init(_ shop: String, deadline: Int64, _ isMet: @escaping @Sendable (ShopRecord?) -> Bool) {
            self.shop = shop
            self.deadline = deadline
            self.isMet = isMet
        }

        /// Whether it came true before the deadline. To be asked once.
        func outcome() async -> Bool {
            await withCheckedContinuation { continuation in
                let result = state.withLock { state in
                    if state.result == nil { state.continuation = continuation }
                    return state.result
                }
                if let result { continuation.resume(returning: result) }
            }
        }

        fileprivate func settle(_ result: Bool) {
            let continuation = state.withLock { state in
                guard state.result == nil else { return nil as CheckedContinuation<Bool, Never>? }
                state.result = result
                defer { state.continuation = nil }
                return state.continuation
            }
            continuation?.resume(returning: result)
        }
    }

    private let directory: ShopDirectory
    private let clock: Clock
    private let expectations = Mutex<[ObjectIdentifier: Expectation]>([:])

    init(_ directory: ShopDirectory, clock: Clock) {
        self.directory = directory
        self.clock = clock
        directory.watch { [weak self] shop, record in self?.take(shop, record) }
    }

    /// The time `duration` from now, on this watch's clock.
    func deadline(after milliseconds: Int64) -> Int64 { clock.now() + milliseconds }

    /// From now on, until `deadline`; what is true already counts.
    func expect(
        _ shop: String, deadline: Int64, _ isMet: @escaping @Sendable (ShopRecord?) -> Bool
    ) -> Expectation {
        let expectation = Expectation(shop, deadline: deadline, isMet)
        expectations.withLock { $0[ObjectIdentifier(expectation)] = expectation }
        if isMet(directory[shop]) { finish(expectation, true) }
        return expectation
    }

    /// Nobody waits for it any longer.
    func drop(_ expectation: Expectation) { finish(expectation, false) }

    /// Gives up on what has waited too long.
    func expire() {
        let now = clock.now()
        let late = expectations.withLock { all in all.values.filter { $0.deadline <= now } }
        for expectation in late { finish(expectation, false) }
    }

    private func take(_ shop: String, _ record: ShopRecord?) {
        let met = expectations.withLock { all in all.values.filter { $0.shop == shop && $0.isMet(record) } }
        for expectation in met { finish(expectation, true) }
    }

    private func finish(_ expectation: Expectation, _ result: Bool) {
        expectations.withLock { $0[ObjectIdentifier(expectation)] = nil }
        expectation.settle(result)
    }
}
