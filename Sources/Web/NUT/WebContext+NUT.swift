// The listeners for NUT alone. An address that is not there yet is tried again: the daemon may
// start before the network.

internal import CWebSockets
internal import Glibc
internal import UPS

extension WebContext {
    /// (ticks, which are a second each)
    private static let retries = 5

    /// Called at the start, and once a second. What cannot be bound is an event the first time.
    func listenForNUT() {
        guard !missingNUTAddresses.isEmpty else { return }
        nutTicks += 1
        guard nutTicks % WebContext.retries == 1 else { return }
        missingNUTAddresses.removeAll { address in
            do throws(WebError) {
                let port = settings.nutPort
                let socket = try Listener.listen(on: address, port: port)
                return watch(Listener(socket: socket, kind: .nut))
            } catch {
                if nutTicks == 1 {
                    note("NUT: \(error); it is tried again")
                }
                return false
            }
        }
    }

    /// False: libwebsockets could not take it, which has closed it.
    private func watch(_ listener: Listener) -> Bool {
        listener.wsi = adopt(
            listener.socket, LWS_ADOPT_RAW_FILE_DESC, as: .listener, attachment: listener)
        return listener.wsi != nil
    }

    private func note(_ text: String) {
        _ = uplink.submit(.note(.warning, Message(text)))
    }
}
