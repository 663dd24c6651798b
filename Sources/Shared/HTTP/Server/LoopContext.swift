/// What a loop lends to its connections while they work.
struct LoopContext {
    /// Monotonic nanoseconds, read once a round.
    var now: Int64
    var date = DateField()
}
