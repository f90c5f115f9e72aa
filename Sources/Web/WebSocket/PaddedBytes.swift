// Bytes with the room in front of them that libwebsockets writes its frame header into. Shared by
// all clients that get the same message; used on the web thread only.

internal import CWebSockets

final class PaddedBytes {
    private let storage: UnsafeMutablePointer<UInt8>
    let count: Int

    init(_ bytes: some Collection<UInt8>) {
        count = bytes.count
        let room = Int(ups_lws_pre())
        storage = .allocate(capacity: room + max(1, count))
        storage.initialize(repeating: 0, count: room + max(1, count))
        _ = UnsafeMutableBufferPointer(start: storage + room, count: count)
            .update(fromContentsOf: bytes)
    }

    deinit {
        storage.deallocate()
    }

    /// False: the connection is broken. What the socket does not take, libwebsockets keeps, and
    /// then `Client.isBlocked`.
    func write(to wsi: OpaquePointer, as mode: lws_write_protocol) -> Bool {
        lws_write(wsi, storage + Int(ups_lws_pre()), count, mode) >= 0
    }
}
