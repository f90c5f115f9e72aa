// What libFuzzer calls, again and again, with bytes that it has made up. Run by fuzz.py, which says
// in the environment what they are for. A property that does not hold ends the process.

import Glibc

/// What bytes from outside are read by.
enum Reader: String, CaseIterable {
    case frames, nis, nut, commands, mqtt, http, configuration, kept, history

    func read(_ bytes: [UInt8]) {
        switch self {
        case .frames: readFrames(bytes)
        case .nis: readNIS(bytes)
        case .nut: readNUT(bytes)
        case .commands: readCommand(bytes)
        case .mqtt: readMQTT(bytes)
        case .http: readHTTP(bytes)
        case .configuration: readConfiguration(bytes)
        case .kept: readKept(bytes)
        case .history: readHistory(bytes)
        }
    }
}

private let reader: Reader = {
    let name = getenv("FUZZ_READER").map { String(cString: $0) } ?? ""
    guard let reader = Reader(rawValue: name) else {
        print("FUZZ_READER must be one of \(Reader.allCases.map(\.rawValue))")
        exit(2)
    }
    return reader
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    reader.read(Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Ends the process where a property does not hold, also with optimisation.
func require(_ holds: Bool, _ property: String) {
    guard !holds else { return }
    print("does not hold: \(property)")
    abort()
}

/// The bytes in pieces, of lengths that follow from the bytes themselves.
func pieces(_ bytes: [UInt8]) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var rest = bytes[...]
    while let first = rest.first {
        pieces.append(Array(rest.prefix(Int(first % 7) + 1)))
        rest = rest.dropFirst(Int(first % 7) + 1)
    }
    return pieces
}
