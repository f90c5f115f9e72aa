// The simulated UPS.
import Testing

@testable import Simulator

@Suite struct PlaceholderTests {}
