// Opens and closes the serial port on threads of their own, because a driver may hold either for
// seconds. Called by the Monitor, which never waits for it.

import Platform
import SerialLine
import Synchronization
import UPS

final class PortOpener: Sendable {
    private struct Attempt {
        var isRunning = false
        var result: Result<SerialPort, SerialPortError>?
    }

    private let path: String
    private let wake: @Sendable () -> Void
    private let attempt = Mutex(Attempt())

    init(_ path: String, wake: @escaping @Sendable () -> Void) {
        self.path = path
        self.wake = wake
    }

    /// Starts to open the port, unless that is already going on.
    func start() {
        let mayStart = attempt.withLock { attempt in
            guard !attempt.isRunning, attempt.result == nil else { return false }
            attempt.isRunning = true
            return true
        }
        guard mayStart else { return }
        do throws(SystemError) {
            try PlainThread.start("open") { [self] in
                finish(Result { () throws(SerialPortError) in try SerialPort.open(path) })
            }
        } catch {
            finish(.failure(SerialPortError(path, .failed("open", code: error.code))))
        }
    }

    /// The outcome, once.
    func take() -> Result<SerialPort, SerialPortError>? {
        attempt.withLock { $0.result.take() }
    }

    /// Closes a port without waiting for its driver.
    func close(_ port: SerialPort) {
        // Where no thread can be had the port is closed right here, with its last reference.
        try? PlainThread.start("close") { port.shut() }
    }

    private func finish(_ result: Result<SerialPort, SerialPortError>) {
        attempt.withLock { $0 = Attempt(isRunning: false, result: result) }
        wake()
    }
}
