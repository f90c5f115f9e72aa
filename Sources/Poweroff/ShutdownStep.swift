// What one step of powering off does, and what became of it. Values between the Monitor and the
// ShutdownRunner.

public import Glibc
public import Platform
public import UPS

public enum ShutdownStep: Equatable, Sendable {
    /// A program, looked for on PATH unless its name has a slash, and its arguments. No shell.
    case program([String])
    /// A file in the runtime directory, on which a root-owned path unit powers off.
    case request

    /// The way without a configured command.
    public static func builtIn(isRoot: Bool = geteuid() == 0) -> ShutdownStep {
        isRoot ? .program(systemctl) : .request
    }

    /// What `systemctl poweroff` does where there is no logind: systemd itself is asked, over its
    /// own socket. No inhibitor, polkit or D-Bus stands between, and it cannot be taken back.
    static let systemctl = [
        "systemctl", "--no-block", "--job-mode=replace-irreversibly", "start", "poweroff.target",
    ]

    var text: String {
        switch self {
        case .program(let arguments): arguments.joined(separator: " ")
        case .request: "poweroff-request"
        }
    }
}

/// One order to power off: which step, and what the program may know about it.
public struct ShutdownOrder: Equatable, Sendable {
    /// 0 first; comes back in the reports.
    public var number: Int
    public var step: ShutdownStep
    public var shutdown: CommittedShutdown

    public init(number: Int, step: ShutdownStep, shutdown: CommittedShutdown) {
        (self.number, self.step, self.shutdown) = (number, step, shutdown)
    }
}

/// What the ShutdownRunner has to tell the Monitor.
public enum ShutdownReport: Equatable, Sendable {
    case started(number: Int, process: Int32)
    case ended(number: Int, process: Int32, Ending)
    case notStarted(number: Int, SystemError)
    /// The request file lies there.
    case requested(number: Int)
    /// The exit code of what acted on it.
    case answered(number: Int, Int)
    /// Nil: the way to power off by request works.
    case rehearsed(problem: String?)
    /// The late hook will not know of this shutdown.
    case noLateOrder(SystemError)
    /// What was left for the end of a shutdown is still there, and there is no shutdown.
    case notWithdrawn(SystemError)
    case synced(Duration)
    case notSynced(SystemError)

    public enum Ending: Equatable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
        /// Another part of the process took the exit code.
        case unknown

        init(status: Int32) {
            let signal = status & 0x7F
            self = signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
        }
    }

    /// For `Watch.commandEnded(failed:)`. Nil: this is not the end of a command.
    public var hasFailed: Bool? {
        switch self {
        case .ended(_, _, let ending): ending != .exited(0)
        case .notStarted: true
        case .answered(_, let code): code != 0
        case .started, .requested, .rehearsed, .noLateOrder, .notWithdrawn, .synced, .notSynced:
            nil
        }
    }

    /// For the log.
    public var text: String {
        switch self {
        case .started(let number, let process):
            "Shutdown command \(number + 1) started as process \(process)"
        case .ended(let number, _, .exited(let code)):
            "Shutdown command \(number + 1) ended with exit code \(code)"
        case .ended(let number, _, .killed(let signal)):
            "Shutdown command \(number + 1) was killed by signal \(signal)"
        case .ended(let number, _, .unknown):
            "Shutdown command \(number + 1) ended, its exit code is not known"
        case .notStarted(let number, let error):
            "Shutdown command \(number + 1) failed: \(error)"
        case .requested(let number):
            "Shutdown command \(number + 1): the power-off is requested"
        case .answered(let number, let code):
            "Shutdown command \(number + 1): the request was answered with exit code \(code)"
        case .rehearsed(let problem):
            problem ?? "The way to power this host off works"
        case .noLateOrder(let error):
            "The UPS will not be told when this host is down: \(error)"
        case .notWithdrawn(let error):
            "The shutdown came to nothing, but an order for its end is left behind: \(error)"
        case .synced(let duration):
            "Disks written out in \(duration.inMillisecondsRoundedUp) ms"
        case .notSynced(let error):
            "Disks not written out: \(error)"
        }
    }
}
