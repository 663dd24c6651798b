/// What a log field may hold. Values of types that mask themselves (secrets, phones) arrive here masked, because only
/// their description is asked for. Never put a code, token, body or whole number here as plain text.
public struct LogValue: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
    /// Unescaped.
    public let text: String

    public init(stringLiteral value: String) {
        text = value
    }

    public init(integerLiteral value: Int64) {
        text = String(value)
    }

    public init(booleanLiteral value: Bool) {
        text = String(value)
    }

    /// The description of any value.
    public init(_ value: some CustomStringConvertible) {
        text = value.description
    }

    public static func text(_ value: String) -> LogValue {
        LogValue(value)
    }

    public static func number(_ value: some BinaryInteger) -> LogValue {
        LogValue(String(value))
    }

    /// Whole milliseconds.
    public static func milliseconds(_ duration: Duration) -> LogValue {
        LogValue(duration.milliseconds)
    }

    /// An error, as it describes itself.
    public static func error(_ error: any Error) -> LogValue {
        LogValue(String(describing: error))
    }
}
