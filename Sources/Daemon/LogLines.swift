// The lines of a file that may be large, one after the other. For the Recorder's thread, and for
// what starts before there is one.

import Glibc

/// Calls the body with each whole line, without its end, of the last `limit` bytes of a file. A
/// file that cannot be read has none.
func eachLine(
    of path: String, last limit: Int, body: (ArraySlice<UInt8>) -> Void
) {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { return }
    defer { close(file) }
    let length = Int(lseek(file, 0, SEEK_END))
    let start = max(0, length - limit)
    lseek(file, off_t(start), SEEK_SET)
    // What comes before the first end of line is the rest of one.
    var isWhole = start == 0
    var rest: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = read(file, &buffer, buffer.count)
        guard count > 0 else { return }
        var begin = 0
        while let end = buffer[begin..<count].firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest.isEmpty ? buffer[begin..<end] : (rest + buffer[begin..<end])[...]
            if isWhole { body(line) }
            (isWhole, rest, begin) = (true, [], end + 1)
        }
        // No line of ours is that long.
        if rest.count <= buffer.count { rest += buffer[begin..<count] }
    }
}
