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
        let isTaken =
            switch listener.kind {
            case .port: takePort(socket, Peer(address))
            case .nut: takeNUT(socket, Peer(address))
            case .control: takeControl(socket)
            }
        if !isTaken { close(socket) }
        return isTaken
    }

    private func takePort(_ socket: Int32, _ peer: Peer) -> Bool {
        guard limits.admit(peer) else { return false }
        let client = UndecidedClient(context: self, peer: peer, number: clientNumber)
        begin(client, socket, by: client.firstBytes(of: socket))
        return true
    }

    /// By its first bytes, which stay where they are, or to be watched until there are enough.
    private func begin(_ client: UndecidedClient, _ socket: Int32, by first: FirstBytes?) {
        switch first {
        case .undecided?:
            begin(client, socket, LWS_ADOPT_RAW_FILE_DESC.rawValue, as: .undecided)
            guard client.wsi != nil else { return }
            client.setTimeout(UndecidedClient.patience)
            client.waitForMore(socket)
        case .nut?:
            let client = NUTClient(successorOf: client)
            begin(client, socket, LWS_ADOPT_SOCKET.rawValue, as: .nut)
        case .other?, nil:
            let connection = HTTPConnection(successorOf: client)
            begin(connection, socket, LWS_ADOPT_SOCKET.rawValue | LWS_ADOPT_HTTP.rawValue, as: nil)
        }
    }

    /// Returns what the callback has to: -1 ends what has watched the socket, not the connection.
    func decide(_ client: UndecidedClient) -> Int32 {
        let watched = lws_get_socket_fd(client.wsi)
        let first = client.firstBytes(of: watched)
        switch first {
        case nil: return -1
        case .undecided?:
            client.waitForMore(watched)
            return 0
        default:
            // libwebsockets closes its own.
            let socket = dup(watched)
            guard socket >= 0 else { return -1 }
            UndecidedClient.wake(1, socket)
            client.isDecided = true
            begin(client, socket, by: first)
            return -1
        }
    }

    private func takeNUT(_ socket: Int32, _ peer: Peer) -> Bool {
        guard limits.admit(peer) else { return false }
        let client = UndecidedClient(context: self, peer: peer, number: clientNumber)
        begin(NUTClient(successorOf: client), socket, LWS_ADOPT_SOCKET.rawValue, as: .nut)
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

    /// What libwebsockets does not take for HTTP is NIS. Returns what the callback has to: not 0
    /// ends the connection.
    func joinRaw(_ client: Client, _ wsi: OpaquePointer?) -> Int32 {
        defer { publishCounters() }
        guard limits.admitRaw(client.peer) else { return -1 }
        client.wsi = wsi
        let raw = client as? RawClient ?? NISClient(successorOf: client)
        if raw !== client { Attachment.replace(on: wsi, with: raw) }
        raw.begin()
        if raw is NUTClient { nutClients += 1 }
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
        logins[client.number] = nil
        switch client {
        case is ControlConnection: controlClients -= 1
        case let client as UndecidedClient where client.isDecided: break
        default:
            let isRaw = (client as? RawClient)?.isAdmitted ?? false
            if isRaw, client is NUTClient { nutClients -= 1 }
            limits.leave(client.peer, isRaw: isRaw)
        }
    }

    private func publishCounters() {
        counters.withLock {
            $0.clients = limits.clients
            $0.nisClients = limits.rawClients - nutClients
            $0.nutClients = nutClients
            $0.refusedClients = limits.refused
            $0.webSocketClients = webSockets.count
        }
    }
}
