// The terminal while `watch` has it: keys come one by one and unseen, the screen is another one.
// What was there before comes back at the end.

import CSystem
import Glibc

final class RawTerminal {
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leave = "\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l"

    private var before: termios
    private var shown: [String] = []

    /// Nil: this is no terminal.
    init?() {
        var before = termios()
        guard isatty(STDIN_FILENO) != 0, isatty(STDOUT_FILENO) != 0,
            tcgetattr(STDIN_FILENO, &before) == 0
        else { return nil }
        self.before = before
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw)
        printPart(RawTerminal.enter)
    }

    deinit {
        printPart(RawTerminal.leave)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
    }

    var size: (width: Int, height: Int) {
        var (columns, rows) = (UInt16(80), UInt16(24))
        if system_window_size(STDOUT_FILENO, &columns, &rows) != 0 || columns == 0 || rows == 0 {
            return (80, 24)
        }
        return (Int(columns), Int(rows))
    }

    /// Only the lines that changed are written.
    func show(_ lines: [InkedLine], width: Int) {
        let fresh = lines.map { $0.coloured(width: width) }
        if fresh.count != shown.count { shown = Array(repeating: "?", count: fresh.count) }
        var text = ""
        for (row, line) in fresh.enumerated() where line != shown[row] {
            text += "\u{1B}[\(row + 1);1H\(line)\u{1B}[K"
        }
        shown = fresh
        if !text.isEmpty { printPart(text) }
    }

    /// What was shown is gone, as after a change of the size.
    func forget() {
        shown = []
        printPart("\u{1B}[2J")
    }

    /// What was typed since the last call.
    func keys() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        return count > 0 ? Array(bytes.prefix(count)) : []
    }
}
