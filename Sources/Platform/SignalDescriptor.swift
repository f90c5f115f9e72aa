// The signals of the process as something to poll. Made by main before any thread is started, read
// by the Monitor.

import CSystem
import Glibc

public enum DaemonSignal: Equatable, Sendable {
    case terminate
    case interrupt
    /// Read the configuration again.
    case hangUp
    /// This host has begun to shut down; a unit of the package says so.
    case hostStopping
}

public final class SignalDescriptor: Sendable {
    public let descriptor: CInt

    /// Blocks the signals in the calling thread, and in every thread started by it from now on.
    public init() throws(SystemError) {
        // A reader that went away is an error of that write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // A parent that ignored it would keep the exit codes of our commands from us.
        signal(SIGCHLD, SIG_DFL)
        let signals = [SIGTERM, SIGINT, SIGHUP, SIGUSR1]
        descriptor = system_signalfd(signals, signals.count)
        guard descriptor >= 0 else { throw SystemError(errno, "cannot make a signalfd") }
    }

    deinit { close(descriptor) }

    /// Nil: none is waiting.
    public func next() -> DaemonSignal? {
        switch system_next_signal(descriptor) {
        case SIGTERM: .terminate
        case SIGINT: .interrupt
        case SIGHUP: .hangUp
        case SIGUSR1: .hostStopping
        default: nil
        }
    }
}
