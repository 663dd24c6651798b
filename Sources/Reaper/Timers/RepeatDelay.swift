/// The wait before an ask is repeated that the record does not show yet: 1 s, 2 s, 4 s … 30 s.
enum RepeatDelay {
    static func milliseconds(afterAsk number: Int) -> Int64 {
        min(1000 << Int64(min(max(number - 1, 0), 5)), 30_000)
    }
}
