// Bytes with the room in front of them that libwebsockets writes its frame header into. Shared by
// all clients that get the same message; used on the web thread only.

internal import CWebSockets

final class PaddedBytes {
    private static let room = Int(ups_lws_pre())
    private var storage: [UInt8]

    init(_ bytes: some Collection<UInt8>) {
        storage = [UInt8](repeating: 0, count: PaddedBytes.room) + bytes
    }

    /// False: the connection is broken. What the socket does not take, libwebsockets keeps, and
    /// then `Client.isBlocked`.
    func write(to wsi: OpaquePointer, as mode: lws_write_protocol) -> Bool {
        storage.withUnsafeMutableBufferPointer {
            let room = PaddedBytes.room
            return lws_write(wsi, $0.baseAddress! + room, $0.count - room, mode) >= 0
        }
    }
}
