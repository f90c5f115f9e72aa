// Packs a file of the dashboard, once and at the start, so that sending it small costs nothing.
// Called by StaticFiles.

internal import CZlib

enum Gzip {
    /// The largest window, with the header of gzip instead of zlib's.
    private static let window: Int32 = 15 + 16
    private static let memory: Int32 = 8
    /// Below this an answer fits into one packet anyway.
    private static let worthwhile = 1024

    /// Nil: it is short, would not become smaller, or there is no memory.
    static func packed(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= worthwhile else { return nil }
        var stream = z_stream()
        let began = deflateInit2_(
            &stream, Z_BEST_COMPRESSION, Z_DEFLATED, window, memory, Z_DEFAULT_STRATEGY,
            ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard began == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: bytes.count)
        let room = output.count
        let result = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END else { return nil }
        return Array(output[..<(room - Int(stream.avail_out))])
    }

    /// Whether an Accept-Encoding header takes it.
    static func isAccepted(_ header: String?) -> Bool {
        guard let header else { return false }
        return header.lowercased().split(separator: ",").contains { part in
            let words = part.split { $0 == ";" || $0 == " " || $0 == "\t" }
            guard let name = words.first, name == "gzip" || name == "*" else { return false }
            return !words.dropFirst().contains {
                $0.hasPrefix("q=0") && Double($0.dropFirst(2)) == 0
            }
        }
    }
}
