// The serial line, on ptys.

import Glibc
import Testing

@testable import Daemon
@testable import Host
@testable import Platform
@testable import SerialLine

@Suite struct SerialPortTests {
    @Test func everyByteArrivesAsItIs() throws {
        let pty = try Pseudoterminal()
        let port = try SerialPort.open(pty.path)
        let all = (0...255).map { UInt8($0) }
        try port.write(all)
        var sent: [UInt8] = []
        #expect(
            eventually {
                sent += pty.read(); return sent == all
            })
        #expect(pty.write(all) == 256)
        var received: [UInt8] = []
        #expect(
            try eventually {
                received += try port.read(); return received == all
            })
    }

    @Test func aFrameMayComeInPieces() throws {
        let pty = try Pseudoterminal()
        let port = try SerialPort.open(pty.path)
        #expect(try port.read() == [])
        #expect(pty.write([1, 4, 1]) == 3)
        #expect(try eventually { try port.read() == [1, 4, 1] })
        #expect(try port.read() == [])
        #expect(pty.write([0x40, 4]) == 2)
        #expect(try eventually { try port.read() == [0x40, 4] })
    }

    @Test func drainThrowsAway() throws {
        let pty = try Pseudoterminal()
        let port = try SerialPort.open(pty.path)
        #expect(pty.write(Array(repeating: 7, count: 2000)) == 2000)
        var entry = pollfd(fd: port.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 1000) == 1)
        usleep(20_000)
        port.drain()
        #expect(try port.read() == [])
    }

    @Test func aHangUpIsNotSilence() throws {
        var pty: Pseudoterminal? = try Pseudoterminal()
        let port = try SerialPort.open(try #require(pty).path)
        #expect(try port.read() == [])
        pty = nil
        #expect(throws: SerialPortError.self) { try port.read() }
        #expect(throws: SerialPortError.self) { try port.write([1]) }
        port.drain()
    }

    @Test func whatTheLineDoesNotTakeIsAnError() throws {
        let pty = try Pseudoterminal()
        let port = try SerialPort.open(pty.path)
        let request = [UInt8](repeating: 1, count: 1000)
        let error = caught(SerialPortError.self) {
            for _ in 0..<1000 { try port.write(request) }
        }
        guard case .cutWrite(let taken, 1000) = error?.cause else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(taken < 1000)
    }

    @Test func oneProgramAtATime() throws {
        let pty = try Pseudoterminal()
        var port: SerialPort? = try SerialPort.open(pty.path)
        let error = caught(SerialPortError.self) { _ = try SerialPort.open(pty.path) }
        #expect(error == SerialPortError(pty.path, .busy))
        #expect(error?.description == "\(pty.path) is in use: another program holds it")
        let explained = error?.explained() ?? ""
        #expect(explained.hasPrefix("\(pty.path) is in use: process \(getpid()) ("))
        #expect(port != nil)
        port = nil
        _ = try SerialPort.open(pty.path)
    }

    @Test func linksAreResolvedAnew() throws {
        let folder = TemporaryFolder()
        let link = folder.file("tty")
        #expect(throws: SerialPortError(link, .missing)) { try SerialPort.open(link) }
        var pty: Pseudoterminal? = try Pseudoterminal(link: link)
        #expect(try SerialPort.open(link).path == link)
        pty = nil
        #expect(pty == nil && folder.contents == [])
        let again = try Pseudoterminal(link: link)
        let port = try SerialPort.open(link)
        #expect(again.write([9]) == 1)
        #expect(try eventually { try port.read() == [9] })
    }

    @Test func whatIsNoSerialLineIsRefused() throws {
        let folder = TemporaryFolder()
        folder.write("", to: "file")
        for path in [folder.file("file"), folder.path, "/dev/null"] {
            let error = caught(SerialPortError.self) { _ = try SerialPort.open(path) }
            #expect(error?.description == "\(path) is not a serial line")
        }
        let beneath = "\(folder.file("file"))/tty"
        #expect(throws: SerialPortError(beneath, .missing)) { try SerialPort.open(beneath) }
    }

    @Test(
        arguments: [
            (.missing, "/dev/x is not there"), (.hungUp, "/dev/x hung up"),
            (.noPermission(group: 20), "/dev/x is open only to the group 20"),
            (.noPermission(group: nil), "/dev/x: no permission"),
            (.cutWrite(taken: 2, of: 5), "/dev/x took only 2 of 5 bytes"),
            (.failed("read", code: EIO), "/dev/x: read: Input/output error"),
        ] as [(SerialPortError.Cause, String)])
    func sentences(_ cause: SerialPortError.Cause, _ text: String) {
        #expect(SerialPortError("/dev/x", cause).description == text)
    }

    @Test func theGroupHasAName() {
        let error = SerialPortError("/dev/x", code: EACCES, group: 0)
        #expect(
            error.explained() == "/dev/x is open only to the group root: "
                + "the user of this daemon must be a member of it")
    }

    @Test func locksTellTheirOwner() {
        let locks = """
            1: POSIX  ADVISORY  WRITE 11 00:05:77 0 EOF
            2: FLOCK  ADVISORY  WRITE 12 00:05:78 0 EOF
            2: -> FLOCK  ADVISORY  WRITE 13 00:05:77 0 EOF
            3: FLOCK  ADVISORY  WRITE -1 00:05:77 0 EOF
            4: FLOCK
            5: FLOCK  ADVISORY  WRITE 4711 00:05:77 0 EOF

            """
        #expect(SerialPortHolder.lockOwner(in: locks, inode: 77) == 4711)
        #expect(SerialPortHolder.lockOwner(in: locks, inode: 78) == 12)
        #expect(SerialPortHolder.lockOwner(in: locks, inode: 79) == nil)
        #expect(SerialPortHolder.lockOwner(in: locks, inode: 77) { $0 != 4711 } == nil)
    }

    @Test func openingAgainBacksOff() {
        var delay = ReopenDelay()
        let delays = (0..<5).map { _ in delay.next() }
        #expect(delays == [200, 400, 800, 1000, 1000].map { .milliseconds($0) })
        delay.reset()
        #expect(delay.next() == .milliseconds(200))
    }
}

@Suite struct PseudoterminalTests {
    @Test func onlyALinkIsReplaced() throws {
        let folder = TemporaryFolder()
        folder.write("mine", to: "file")
        let error = caught(SystemError.self) {
            _ = try Pseudoterminal(link: folder.file("file"))
        }
        #expect(
            error?.description == "cannot link \(folder.file("file")) to the pty: File exists")
        #expect(folder.text(of: "file") == "mine")
        symlink("/nowhere", folder.file("link"))
        let pty = try Pseudoterminal(link: folder.file("link"))
        #expect(linkTarget(folder.file("link")) == pty.path)
    }

    @Test func aForeignLinkStays() throws {
        let folder = TemporaryFolder()
        let link = folder.file("link")
        var first: Pseudoterminal? = try Pseudoterminal(link: link)
        let second = try Pseudoterminal(link: link)
        #expect(first != nil)
        first = nil
        #expect(linkTarget(link) == second.path)
    }

    @Test func nobodyAtTheFarEndIsSilence() throws {
        let pty = try Pseudoterminal()
        do { _ = try SerialPort.open(pty.path) }
        #expect(pty.read() == [])
        var entry = pollfd(fd: pty.descriptor, events: Int16(POLLIN), revents: 0)
        #expect(poll(&entry, 1, 0) == 0)
    }
}
