/// A type whose values never show themselves: not by interpolation, `print`, `debugPrint`, `dump`, reflection or as
/// part of another value that is printed. What it guards is reached only by the property that names it.
public protocol Masked: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Masked {
    public var description: String { "•••" }
    public var debugDescription: String { "•••" }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
