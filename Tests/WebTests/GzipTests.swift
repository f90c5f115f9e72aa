// What is packed, whether it comes out again as it was, and who gets it.

import CZlib
import Testing

@testable import Web

struct GzipTests {
    @Test func whatIsPackedComesOutAgain() throws {
        let texts = [
            String(repeating: "volts ", count: 1000), (0..<2000).map { "\($0)," }.joined(),
        ]
        for text in texts {
            let packed = try #require(Gzip.packed(Array(text.utf8)))
            #expect(packed.count < text.utf8.count / 2)
            #expect(unpacked(packed, room: text.utf8.count + 10) == Array(text.utf8))
        }
    }

    @Test func whatWouldNotGetSmallerStaysAsItIs() {
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(Gzip.packed(noise) == nil)
        #expect(Gzip.packed(Array("short".utf8)) == nil)
        #expect(Gzip.packed([]) == nil)
    }

    @Test(arguments: [
        (nil, false), ("", false), ("gzip", true), ("deflate, gzip;q=1.0, *;q=0.5", true),
        ("GZIP", true), ("*", true), ("br", false), ("gzip;q=0", false), ("gzip; q=0.000", false),
        ("gzip;q=0.5", true), ("x-gzip-not", false), ("identity", false),
    ])
    func whoTakesIt(header: String?, isAccepted: Bool) {
        #expect(Gzip.isAccepted(header) == isAccepted)
    }

    private func unpacked(_ packed: [UInt8], room: Int) -> [UInt8] {
        var (input, output) = (packed, [UInt8](repeating: 0, count: room))
        var stream = z_stream()
        inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { inflateEnd(&stream) }
        let result = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        return result == Z_STREAM_END ? Array(output[..<Int(stream.total_out)]) : []
    }
}
