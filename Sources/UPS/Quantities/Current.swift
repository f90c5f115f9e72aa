// A current, with its unit in the type. As the device counts it.

/// An electric current. The device reports mA; a battery current below 0 discharges.
public struct Current: Comparable, Hashable, Sendable {
    public var milliamperes: Int

    public init(milliamperes: Int) {
        self.milliamperes = milliamperes
    }

    public var amperes: Double { Double(milliamperes) / 1000 }

    public static func < (left: Current, right: Current) -> Bool {
        left.milliamperes < right.milliamperes
    }
}
