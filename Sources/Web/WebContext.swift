// The libwebsockets context and everything that hangs on it: all clients and what they share. Made
// on the caller's thread, used on the web thread only from then on.

internal import CWebSockets
internal import Glibc
internal import NUT
internal import Report
internal import Synchronization
internal import UPS

final class WebContext {
    let uplink: Uplink
    let commandGuard: CommandGuard
    let port: Int
    let settings: WebSettings
    let nisInvalidCommand = PaddedBytes(NISReport.invalidCommand)
    private let files: StaticFiles
    /// Read by any thread.
    let counters = Mutex(PortCounters())
    /// From another thread: what a daemon before has kept, as long as it cannot be taken over.
    let olderHistory = Mutex<[UInt8]?>(nil)

    private(set) var lws: OpaquePointer?
    let listeners: [Listener]
    private let controlSocket: ControlSocket?
    private let table: ProtocolTable

    var limits: ClientLimits
    var controlClients = 0
    var clientNumber: UInt64 = 0
    /// Kept for the moment at which there are no descriptors left.
    var spare: Int32
    var webSockets: [UInt64: WebSocketClient] = [:]
    /// Where NUT's own listeners are still to be.
    var missingNUTAddresses: [String]
    var nutTicks = 0
    var nutClients = 0
    /// By the number of a client of NUT that is logged in, its address.
    var logins: [UInt64: String] = [:]
    var waiting = WaitingCommands()
    private var encodings = Encodings()
    var course = HistoryCourse()
    /// Answers of their own that the sockets have not taken yet.
    private var ownAnswers = 0
    var lastUrgent: UInt64 = 0
    var isTicking = false
    /// The end has begun: clients get their last message.
    var isLeaving = false
    private var tokenGuard: TokenGuard?
    private var refusals = RateLimit(perSecond: 5.0 / 60, burst: 5)

    init(_ settings: WebSettings, uplink: Uplink, files: StaticFiles) throws(WebError) {
        self.settings = settings
        self.uplink = uplink
        self.files = files
        missingNUTAddresses = settings.nutAddresses
        commandGuard = CommandGuard(commands: settings.commands)
        if case .token(let token) = settings.commands { tokenGuard = TokenGuard(token) }
        limits = ClientLimits(
            maxClients: settings.maxClients, maxRawClients: settings.maxRawClients)
        table = ProtocolTable()
        // First, because where another daemon answers there is no place for a second one.
        controlSocket =
            settings.controlSocket.isEmpty
            ? nil : try ControlSocket(settings.controlSocket, group: settings.controlSocketGroup)
        var listeners: [Listener]
        do throws(WebError) {
            (listeners, port) = try Listener.listeners(
                addresses: settings.addresses, port: settings.port)
        } catch {
            controlSocket?.abandon()
            throw error
        }
        if let controlSocket {
            listeners.append(Listener(socket: controlSocket.socket, kind: .control))
        }
        self.listeners = listeners
        spare = open("/dev/null", O_RDONLY | O_CLOEXEC)
        lws = table.makeContext(maxClients: settings.maxClients, user: self)
        guard lws != nil, watchListeners() else {
            destroy()
            throw .library("libwebsockets cannot be set up: memory or descriptors are missing")
        }
        listenForNUT()
        startTicking()
    }

    /// The object behind a callback.
    static func of(_ wsi: OpaquePointer?) -> WebContext? {
        guard let wsi, let lws = lws_get_context(wsi), let user = lws_context_user(lws) else {
            return nil
        }
        return Unmanaged<WebContext>.fromOpaque(user).takeUnretainedValue()
    }

    /// Ends every connection at once. Nothing may be called afterwards.
    func destroy() {
        if let lws { lws_context_destroy(lws) }
        lws = nil
        // Those that libwebsockets never got hold of.
        for listener in listeners where listener.wsi == nil { close(listener.socket) }
        controlSocket?.removeFile()
        if spare >= 0 { close(spare) }
        spare = -1
    }

    private func watchListeners() -> Bool {
        for listener in listeners {
            listener.wsi = adopt(
                listener.socket, LWS_ADOPT_RAW_FILE_DESC, as: .listener, attachment: listener)
            if listener.wsi == nil { return false }
        }
        return true
    }

    /// Hands a descriptor to libwebsockets, which closes it in the end; nil: it could not take it.
    func adopt(
        _ socket: Int32, _ kind: lws_adoption_type, as name: PortProtocol?, attachment: AnyObject
    ) -> OpaquePointer? {
        var request = lws_adopt_desc_t()
        request.vh = lws_get_vhost_by_name(lws, ProtocolTable.vhost)
        request.type = kind
        request.fd.sockfd = socket
        request.vh_prot_name = name.map { UnsafePointer(table.name(of: $0)) }
        request.opaque = Attachment.retained(attachment)
        return lws_adopt_descriptor_vhost_via_info(&request)
    }

    // MARK: What clients are sent

    private static let mostOwnAnswers = 32

    var responder: Responder {
        Responder(
            files: files, isTicking: settings.isTicking, latest: uplink.latest,
            counters: {
                var all = self.settings.otherCounters()
                all.port = self.counters.withLock { $0 }
                return all
            },
            history: { self.historyMessage(seconds: $0) },
            isCrowded: ownAnswers >= WebContext.mostOwnAnswers)
    }

    func countAnswers(before: Transfer?, now: Transfer?) {
        if before?.isOwn == true { ownAnswers -= 1 }
        if now?.isOwn == true { ownAnswers += 1 }
    }

    func encoded(_ kind: Encodings.Kind) -> PaddedBytes {
        encodings.bytes(kind, of: uplink.latest())
    }

    var nutReport: NUTReport { encodings.nutReport(of: uplink.latest(), settings.nutNames) }

    // MARK: The simulated UPS of a demo

    func simulate(_ line: String) -> CommandResult {
        settings.simulator?(line)
            ?? CommandResult.refused("Only a demo has a simulated UPS.")
    }

    // MARK: Tokens

    /// Why a command with this token is refused; nil: it is not.
    func refusal(ofToken token: String?, from peer: Peer, at now: BootTime) -> Message? {
        guard let token else { return Message(.tokenWanted) }
        switch tokenGuard?.check(token, of: peer, at: now) {
        case .right: return nil
        case .tooMany: return Message(.tokenTooOften)
        case .wrong, nil: return Message(.tokenWrong)
        }
    }

    /// An attempt to command without the right to is an event. Of many attempts few are events.
    func tellRefusal(of parsed: CommandText, _ reason: Message, at now: BootTime) {
        guard refusals.pass(at: now) else { return }
        let name = parsed.command?.name.rawValue ?? "a command"
        let text = Message(.refused, name, Origin.port.message, reason)
        _ = uplink.submit(.note(.commandRefused, text))
    }
}
