// Clients that come and clients that go: the only place where connections are counted. Called back
// by libwebsockets; waits only while there is no descriptor left.

internal import CWebSockets
internal import Glibc
internal import Platform

extension WebContext {
    /// Connections accepted in a row, before the clients that are there have their turn, and how
    /// many of them may be taken: that costs much more than to close one.
    private static let acceptsInARow = 16
    private static let takenInARow = 4
    private static let maxControlClients = 32
    /// (µs)
    private static let napWithoutSpare: UInt32 = 10_000

    func accept(from listener: Listener) {
        var (accepted, taken) = (0, 0)
        while accepted < WebContext.acceptsInARow, taken < WebContext.takenInARow {
            accepted += 1
            var address = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let socket = withUnsafeMutableBytes(of: &address) { bytes in
                let address = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
                return accept4(
                    listener.socket, address, &length,
                    Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
            }
            if socket >= 0 {
                if spare < 0 { keepSpare() }
                if take(socket, address, of: listener) { taken += 1 }
            } else if errno == EMFILE || errno == ENFILE {
                guard shed(listener) else { break }
            } else if errno != EINTR && errno != ECONNABORTED {
                break
            }
        }
        publishCounters()
    }

    /// False: there is no place for it, and it is closed.
    private func take(
        _ socket: Int32, _ address: sockaddr_storage, of listener: Listener
    ) -> Bool {
        clientNumber += 1
        let isTaken = listener.isControl ? takeControl(socket) : takePort(socket, Peer(address))
        if !isTaken { close(socket) }
        return isTaken
    }

    private func takePort(_ socket: Int32, _ peer: Peer) -> Bool {
        guard limits.admit(peer) else { return false }
        let connection = HTTPConnection(context: self, peer: peer, number: clientNumber)
        begin(connection, socket, LWS_ADOPT_SOCKET.rawValue | LWS_ADOPT_HTTP.rawValue, as: nil)
        return true
    }

    private func takeControl(_ socket: Int32) -> Bool {
        guard controlClients < WebContext.maxControlClients else { return false }
        controlClients += 1
        let client = ControlConnection(context: self, peer: .local, number: clientNumber)
        begin(client, socket, LWS_ADOPT_SOCKET.rawValue, as: .control)
        return true
    }

    /// libwebsockets owns the socket from here on, also when it fails.
    private func begin(
        _ client: Client, _ socket: Int32, _ kind: UInt32, as name: PortProtocol?
    ) {
        client.wsi = adopt(socket, lws_adoption_type(kind), as: name, attachment: client)
        // Refused before there was a wsi, so that no callback will say that it went.
        if client.wsi == nil, !client.isGone {
            Attachment.release(client)
            leave(client)
        }
    }

    /// No descriptor is left: takes the next connection with the spare one and closes it, else the
    /// listening socket would stay readable and this thread would spin. False: no client waits, or
    /// even the spare one is gone.
    private func shed(_ listener: Listener) -> Bool {
        close(spare)
        let socket = accept4(listener.socket, nil, nil, 0)
        if socket >= 0 {
            close(socket)
            limits.refuse()
        }
        keepSpare()
        // A client waits that cannot be taken.
        if spare < 0 { usleep(WebContext.napWithoutSpare) }
        return socket >= 0
    }

    private func keepSpare() {
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
    }

    // MARK: Kinds

    func join(_ client: WebSocketClient) {
        Attachment.replace(on: client.wsi, with: client)
        webSockets[client.number] = client
        client.refresh(at: BootClock.now())
        publishCounters()
    }

    /// Returns what the callback has to: not 0 ends the connection.
    func joinRaw(_ connection: HTTPConnection) -> Int32 {
        defer { publishCounters() }
        guard limits.admitRaw(connection.peer) else { return -1 }
        let client = NISClient(successorOf: connection)
        Attachment.replace(on: client.wsi, with: client)
        client.begin()
        return 0
    }

    /// Called once for each wsi, when it goes.
    func forget(_ wsi: OpaquePointer?) {
        guard let client = Attachment.of(wsi) as? Client else {
            return Attachment.replace(on: wsi, with: nil)
        }
        leave(client)
        Attachment.replace(on: wsi, with: nil)
        publishCounters()
    }

    private func leave(_ client: Client) {
        client.isGone = true
        waiting.forget(client)
        webSockets[client.number] = nil
        if client is ControlConnection {
            controlClients -= 1
        } else {
            limits.leave(client.peer, isRaw: client is NISClient)
        }
    }

    private func publishCounters() {
        counters.withLock {
            $0.clients = limits.clients
            $0.nisClients = limits.rawClients
            $0.refusedClients = limits.refused
            $0.webSocketClients = webSockets.count
        }
    }
}
