// Whether another program has the serial line open, too: it takes answers away that this daemon
// waits for. Asked by the Monitor; looked at on the Recorder's thread, because it may take long.

import UPS

struct SerialReaders {
    private static let first = Duration.seconds(5)
    private static let pause = Duration.seconds(300)

    private var due: BootTime?

    /// `path` is the open port; nil: there is none.
    mutating func look(at path: String?, _ sinks: Monitor.Sinks, now: BootTime) {
        guard let path else {
            due = nil
            return
        }
        guard let due else {
            self.due = now + SerialReaders.first
            return
        }
        guard due <= now else { return }
        self.due = now + SerialReaders.pause
        let (bulletin, otherReader) = (sinks.bulletin, sinks.otherReader)
        _ = sinks.recorder.work("port readers") {
            let problem = otherReader(path).map {
                "\(path) is read by another program as well, which takes answers away: \($0)"
            }
            _ = bulletin.submit(.problems(problem.map { [Message($0)] } ?? [], .serialReaders))
        }
    }
}
