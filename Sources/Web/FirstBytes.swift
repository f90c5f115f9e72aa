// What the first bytes of a connection say of its protocol. Asked before libwebsockets reads them;
// does no I/O.

internal import NUT

enum FirstBytes: Equatable {
    /// libwebsockets tells HTTP and NIS apart by itself.
    case other
    /// It would take `GET VAR` for HTTP, and loses the beginning of a command that comes in pieces.
    case nut
    /// There are too few of them.
    case undecided

    /// No command needs more of them.
    static let most = 10

    init(_ bytes: some Collection<UInt8>) {
        let start = Array(bytes.prefix(FirstBytes.most))
        let word = start.prefix { FirstBytes.isLetter($0) }
        let text = String(decoding: word, as: UTF8.self).uppercased()
        guard word.count < start.count else {
            let isPart = NUTSession.commands.contains { $0.hasPrefix(text) }
            self = isPart ? .undecided : .other
            return
        }
        guard NUTSession.commands.contains(text), "\n\r\t ".utf8.contains(start[word.count]) else {
            self = .other
            return
        }
        guard text == "GET", start[word.count] == UInt8(ascii: " ") else {
            self = .nut
            return
        }
        guard start.count > word.count + 1 else {
            self = .undecided
            return
        }
        // Of HTTP: a path, an address (`http://…`), or the server as a whole.
        self = "/hH*".utf8.contains(start[word.count + 1]) ? .other : .nut
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
    }
}
