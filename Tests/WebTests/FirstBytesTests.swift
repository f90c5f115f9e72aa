// Which protocol the first bytes of a connection speak.

import NUT
import Testing

@testable import Web

@Suite struct FirstBytesTests {
    private static let starts: [(text: String, spoken: FirstBytes)] = [
        ("", FirstBytes.undecided), ("G", .undecided), ("GET", .undecided), ("GET ", .undecided),
        ("GET V", .nut), ("GET VAR ups ups.status\n", .nut), ("GET \"VAR\" ups", .nut),
        ("GET d", .nut), ("get var ups x\n", .nut), ("GET\tVAR", .nut), ("GET\n", .nut),
        ("GET / HTTP/1.1\r\n", .other), ("GET http://ups/", .other), ("GET HTTP://ups/", .other),
        ("GET * HTTP/1.1", .other), ("get / HTTP/1.1", .other), ("GETVAR", .other),
        ("GEX", .other), ("HEAD / ", .other), ("HE", .undecided), ("P", .undecided),
        ("POST / ", .other), ("PRI * HTTP/2.0\r\n", .other), ("PASSWORD", .undecided),
        ("LIST UPS\n", .nut), ("list ups\n", .nut), ("VER\r\n", .nut), ("STARTTLS\n", .nut),
        ("USERNAME\tx", .nut), ("L", .undecided), ("Net", .undecided), ("LOGOUT", .undecided),
        ("LOG\n", .other), ("LISTEN", .other), ("LISTS UPS\n", .other), ("HELO x\n", .other),
        ("\0\u{6}status", .other), ("\u{16}\u{3}\u{1}", .other), ("\n", .other),
        ("SSH-2.0-x", .other), ("VER{", .other), ("INSTCMD ", .nut),
    ]

    @Test(arguments: starts)
    func protocols(text: String, spoken: FirstBytes) {
        #expect(FirstBytes(text.utf8) == spoken)
        // What is told from some of the bytes is not told otherwise from more of them.
        for count in 0..<text.utf8.count {
            let early = FirstBytes(text.utf8.prefix(count))
            #expect(early == .undecided || early == FirstBytes(text.utf8))
        }
    }

    /// A command and what ends it are never more than are looked at.
    @Test(arguments: NUTSession.commands) func everyCommandIsTold(command: String) {
        for end in [" x", "\n", "\r\n", "\tx"] { #expect(FirstBytes((command + end).utf8) == .nut) }
        #expect(command.utf8.count + 2 <= FirstBytes.most)
    }
}
