// The port, tried until it can be opened: another program may hold it at the start, or its address
// may not be there yet. The daemon decides meanwhile. After a run that did not end in order clients
// wait.

import Glibc
import Platform
import Synchronization
import UPS
import Web

final class PortSink: Sendable {
    private struct State {
        var server: WebServer?
        var isEnding = false
    }

    private static let pause: UInt32 = 1

    private let settings: WebSettings
    private let uplink: Uplink
    private let opened: @Sendable (WebServer) -> Void
    private let state: Mutex<State>
    /// Why the port is not open yet.
    let failure: WebError?

    /// Binds, or leaves that to `start`. Throws what trying again cannot mend, such as another
    /// daemon in the same runtime directory. `opened` is called once, when the port is bound.
    init(
        _ settings: WebSettings, uplink: Uplink, opened: @escaping @Sendable (WebServer) -> Void
    ) throws(WebError) {
        (self.settings, self.uplink, self.opened) = (settings, uplink, opened)
        do throws(WebError) {
            let server = try WebServer(settings, uplink: uplink)
            state = Mutex(State(server: server))
            failure = nil
            opened(server)
        } catch {
            guard case .listening = error else { throw error }
            state = Mutex(State())
            failure = error
        }
    }

    /// What does not work as configured, in sentences for the log.
    var warnings: [String] {
        failure.map { ["The \($0); trying again until it can be opened"] }
            ?? state.withLock { $0.server }?.warnings ?? []
    }

    /// Serves after a pause.
    func start(after pause: Duration) throws {
        if let server = state.withLock({ $0.server }) {
            guard pause > .zero else { return try server.start() }
            try PlainThread.start("port") { self.serve(server, after: pause) }
        } else {
            try PlainThread.start("port") { self.openAtLast() }
        }
    }

    func wake() {
        state.withLock { $0.server }?.wake()
    }

    func stop(within limit: Duration) {
        let server = state.withLock { state in
            state.isEnding = true
            return state.server
        }
        server?.stop(within: limit)
    }

    private func serve(_ server: WebServer, after pause: Duration) {
        usleep(UInt32(clamping: pause.components.seconds * 1_000_000))
        guard !state.withLock({ $0.isEnding }) else { return }
        do {
            try server.start()
        } catch {
            _ = uplink.submit(.note(.warning, "\(error)"))
        }
    }

    private func openAtLast() {
        while !state.withLock({ $0.isEnding }) {
            sleep(PortSink.pause)
            guard let server = try? WebServer(settings, uplink: uplink) else { continue }
            let isWanted = state.withLock { state in
                guard !state.isEnding else { return false }
                state.server = server
                return true
            }
            guard isWanted, (try? server.start()) != nil else { return }
            opened(server)
            _ = uplink.submit(.note(.warning, "The port \(server.port) is open at last"))
            return
        }
    }
}
