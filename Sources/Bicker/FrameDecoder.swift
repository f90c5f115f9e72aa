// Bytes in, frames out, whatever the line does to them. Used by the Poller and by the simulator.

import UPS

/// Finds frames in a stream that may be cut anywhere, shifted or full of noise. Where the bytes
/// are no frame, one byte is dropped and the search goes on behind it.
public struct FrameDecoder: Sendable {
    /// More than two of the longest frames never need to wait; what is older is dropped.
    public static let longestBacklog = 1024

    /// Bytes that belonged to no frame, since this decoder was made.
    public private(set) var discardedBytes = 0
    private var buffer: [UInt8] = []
    private var head = 0

    public init() {}

    public mutating func append(_ bytes: [UInt8]) {
        if head > 0 { buffer.removeSubrange(..<head) }
        head = 0
        buffer.append(contentsOf: bytes)
        let surplus = buffer.count - FrameDecoder.longestBacklog
        if surplus > 0 {
            buffer.removeFirst(surplus)
            discardedBytes += surplus
        }
    }

    /// The next whole frame, or nil when more bytes are needed. A frame longer than the longest
    /// answer that can be meant is noise that looks like a start; waiting for its end would
    /// swallow the real answer.
    public mutating func next(longestPayload: Int = Frame.longestPayload) -> Frame? {
        while head < buffer.count {
            if buffer[head] == Frame.start {
                guard head + 1 < buffer.count else { return nil }
                let size = Int(buffer[head + 1])
                if (0...longestPayload).contains(size - Frame.smallestSize) {
                    let last = head + size + 1
                    guard last < buffer.count else { return nil }
                    if buffer[last] == Frame.end {
                        defer { head = last + 1 }
                        return Frame(
                            index: buffer[head + 2], command: buffer[head + 3],
                            payload: buffer[(head + 4)..<last])
                    }
                }
            }
            head += 1
            discardedBytes += 1
        }
        return nil
    }

    /// How many bytes at least must come before there is another frame.
    var missingBytes: Int {
        let waiting = buffer.count - head
        guard waiting > 1 else { return Frame.shortestLength - waiting }
        return max(1, Int(buffer[head + 1]) + 2 - waiting)
    }

    /// Forgets everything not yet returned: what came before answers no request any more.
    public mutating func reset() {
        discardedBytes += buffer.count - head
        buffer.removeAll(keepingCapacity: true)
        head = 0
    }
}
