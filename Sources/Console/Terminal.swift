// Lines on standard output and standard error for people, written at once. For the command line;
// the daemon itself logs through the Recorder.

import Glibc

/// One line on standard output.
public func printLine(_ text: String) {
    writeAll(text + "\n", to: STDOUT_FILENO)
}

/// The beginning of a line on standard output.
func printPart(_ text: String) {
    writeAll(text, to: STDOUT_FILENO)
}

/// Lines on standard output, with colour where a person looks at them.
func printInked(_ lines: [InkedLine]) {
    for line in lines { printLine(hasColour ? line.coloured() : line.plain) }
}

/// Standard output is a terminal that knows colours, and NO_COLOR is not set (no-color.org).
private var hasColour: Bool {
    guard isatty(STDOUT_FILENO) != 0, getenv("NO_COLOR").map({ $0.pointee == 0 }) ?? true else {
        return false
    }
    return getenv("TERM").map { String(cString: $0) != "dumb" } ?? false
}

/// One line on standard error.
public func printError(_ text: String) {
    writeAll("ups-server: " + text + "\n", to: STDERR_FILENO)
}

private func writeAll(_ text: String, to descriptor: CInt) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 || errno == EINTR else { return }
        bytes = bytes.dropFirst(max(0, count))
    }
}
