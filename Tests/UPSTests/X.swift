// The simulated UPS.
import Testing

@testable import UPS

@Suite struct PlaceholderTests {}
