// What can happen in a history, one thing at a time.

import Simulator

@testable import Bicker
@testable import Monitoring
@testable import UPS

enum Step {
    case power(Bool)
    /// Power that fails and returns, so many times.
    case flap(off: Duration, on: Duration, count: Int)
    case charge(Int)
    case load(Double)
    case fault(Fault, count: Int, on: Request?)
    case unplug
    case plug
    case request(Bool)
    /// The device's own limit in seconds; nil: it is switched off.
    case limit(Int?)
    case command(Command)
    /// A turn of the loop for nothing.
    case turn
    /// The file was changed, and SIGHUP came.
    case reload(Watch.Setup)
    case hostStopping
    /// Sinks that complain, ask and die, and a wall clock that jumps.
    case sinks
    /// SIGSTOP and SIGCONT.
    case pause(Duration)
    /// The daemon ends, its kept state remains, and it is started again after this time.
    case restart(Duration)
}

/// What a device is like, as long as it is there.
struct Model {
    var pace = SimulatedUPS.Pace.frame
    var turnaround = Duration.milliseconds(1)
    var answersOneByOne = false
    var unknown: Set<Request> = []
    var mute: Set<Request> = []
    var garbled: Set<Request> = []
    var device = SimulatedModel.psz1063

    /// Everything that is asked is answered, if only with "unsupported".
    var isTalkative: Bool { mute.isEmpty && garbled.isEmpty }
    /// What the runtime is made of is told.
    var tellsRuntime: Bool {
        device != .blank
            && tells([.capacitance, .batteryVoltage, .outputVoltage, .outputCurrent])
    }
    var tellsCharge: Bool { tells([.charge]) }

    private func tells(_ requests: Set<Request>) -> Bool {
        requests.isDisjoint(with: unknown.union(mute).union(garbled))
    }

    static let everythingButStatus = Set(Request.allCases).subtracting([.deviceStatus])
}
