/// How long each part may take to stop. They stop one after the other, so that what a daemon consists of must fit into
/// `total` together: else the last of them is given up though nothing is stuck.
public enum StopBudget {
    /// All of a daemon.
    public static let total = Duration.milliseconds(8_500)
    /// Requests in flight.
    public static let door = Duration.seconds(3)
    /// Calls to others that are under way.
    public static let calls = Duration.milliseconds(1_200)
    /// A desk's or a reader's; it may take `leaving` more for its group.
    public static let desk = Duration.milliseconds(2_500)
    public static let leaving = Duration.milliseconds(500)
    /// A table that is followed.
    public static let table = Duration.milliseconds(300)
    public static let producer = Duration.milliseconds(500)
}
