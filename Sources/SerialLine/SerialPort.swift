// The serial line to the UPS: open, read, write, throw away. The Monitor alone uses it, so nothing
// here waits for anything, asks for a name or looks through /proc.

import Glibc
import Synchronization

/// An open serial line, 38400 8N1. Closed when the last reference goes.
public final class SerialPort: Sendable {
    public let path: String
    /// To poll for input and for a hang-up.
    public let descriptor: CInt
    private let isShut = Atomic(false)

    /// More than the longest frame; what waits beyond it is read the next time.
    private static let readLimit = 512
    private static let drainLimit = 64

    /// Resolves links anew each time: an adapter plugged in again may have another number.
    public static func open(_ path: String) throws(SerialPortError) -> SerialPort {
        var status = stat()
        guard stat(path, &status) == 0 else { throw SerialPortError(path, code: errno) }
        guard status.st_mode & S_IFMT == S_IFCHR else {
            throw SerialPortError(path, .notSerial)
        }
        // Without O_NONBLOCK the open waits for a carrier that never comes.
        let descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SerialPortError(path, code: errno, group: status.st_gid)
        }
        do throws(SerialPortError) {
            try claim(descriptor, path, device: status.st_rdev)
            try configure(descriptor, path)
        } catch {
            // Another program's line: what is under way there is left alone.
            Glibc.close(descriptor)
            throw error
        }
        return SerialPort(path, descriptor)
    }

    private init(_ path: String, _ descriptor: CInt) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { shut() }

    /// Closes now, on this thread: a driver may hold it up. The port is not used afterwards.
    public func shut() {
        guard !isShut.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // What has not gone out yet would hold up the close for up to 30 s.
        tcflush(descriptor, TCIOFLUSH)
        close(descriptor)
    }

    /// What has arrived; empty: nothing. Throws when the other side or the adapter is gone.
    public func read() throws(SerialPortError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(into: &bytes)
        return bytes
    }

    /// The same in the place of what was there; an array that is used again is not allocated again.
    public func read(into bytes: inout [UInt8]) throws(SerialPortError) {
        bytes.removeAll(keepingCapacity: true)
        let (count, code) = withUnsafeTemporaryAllocation(
            byteCount: SerialPort.readLimit, alignment: 1
        ) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            let code = errno
            bytes.append(contentsOf: buffer[..<max(0, count)])
            return (count, code)
        }
        if count > 0 { return }
        // With VMIN 1, silence is EAGAIN, and 0 is a hang-up.
        if count == 0 { throw SerialPortError(path, .hungUp) }
        guard code == EAGAIN || code == EINTR else {
            throw SerialPortError(path, .failed("read", code: code))
        }
    }

    /// All or nothing: a request that the line does not take whole is taken back.
    public func write(_ bytes: [UInt8]) throws(SerialPortError) {
        let count = Glibc.write(descriptor, bytes, bytes.count)
        let code = errno
        if count == bytes.count { return }
        tcflush(descriptor, TCOFLUSH)
        guard count >= 0 || code == EAGAIN || code == EINTR else {
            throw SerialPortError(path, .failed("write", code: code))
        }
        throw SerialPortError(path, .cutWrite(taken: max(0, count), of: bytes.count))
    }

    /// Throws away what has arrived. A hang-up is left for the next read to find.
    public func drain() {
        tcflush(descriptor, TCIFLUSH)
        withUnsafeTemporaryAllocation(byteCount: SerialPort.readLimit, alignment: 1) { buffer in
            for _ in 0..<SerialPort.drainLimit {
                guard Glibc.read(descriptor, buffer.baseAddress, buffer.count) > 0 else { return }
            }
        }
    }

    /// One program at a time. The lock keeps out programs that ask for it, as NUT and we do; the
    /// exclusive mode keeps out the others.
    private static func claim(
        _ descriptor: CInt, _ path: String, device: dev_t
    ) throws(SerialPortError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            throw SerialPortError(path, code: code == EWOULDBLOCK ? EBUSY : code)
        }
        // The far end of a pty may be held open by its simulator: the mark would then outlive a
        // kill -9 of this daemon and lock the next one out. (Linux gives these ends such majors.)
        if (136...143).contains((device >> 8) & 0xFFF) { return }
        guard ioctl(descriptor, UInt(TIOCEXCL)) == 0 else {
            throw SerialPortError(path, code: errno)
        }
    }

    private static func configure(
        _ descriptor: CInt, _ path: String
    ) throws(SerialPortError) {
        var settings = termios()
        guard tcgetattr(descriptor, &settings) == 0 else {
            throw SerialPortError(path, code: errno)
        }
        settings.c_iflag = 0
        settings.c_oflag = 0
        settings.c_lflag = 0
        // Without HUPCL the lines stay up: RTS feeds the interface, and a restart must not cut it.
        settings.c_cflag = tcflag_t(CS8 | CREAD | CLOCAL)
        cfsetspeed(&settings, speed_t(B38400))
        withUnsafeMutableBytes(of: &settings.c_cc) { characters in
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        guard tcsetattr(descriptor, TCSANOW, &settings) == 0 else {
            throw SerialPortError(path, code: errno)
        }
        // A pty and some adapters have no such lines. Whether it was needed, the silence will tell.
        var lines = CInt(TIOCM_RTS | TIOCM_DTR)
        _ = ioctl(descriptor, UInt(TIOCMBIS), &lines)
        tcflush(descriptor, TCIOFLUSH)
    }
}
