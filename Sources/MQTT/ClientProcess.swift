// The connection to the broker in a process of its own, seen from the daemon: what libmosquitto does
// with bytes of a stranger may end its process, and must not end this one. Lives on the publisher's
// thread.

import CMosquitto
import Glibc
import Report

/// The process is started for one connection and ended with it.
final class ClientProcess: BrokerClient {
    /// Of what is read at once; then others get their turn. (bytes)
    private static let readAtOnce = 65536
    /// It says goodbye to the broker within this time, or is ended.
    private static let farewell = Duration.milliseconds(200)

    private let socket: Int32
    /// Nil: it has ended, and its number may be another's.
    private var process: pid_t?
    private var output: ArraySlice<UInt8> = []
    private var input = ClientMessages()
    /// By the number of the order.
    private var inFlight: [UInt64: UInt64?] = [:]
    private var lastNumber: UInt64 = 0
    private var hasLeft = false
    private(set) var isConnected = false
    private(set) var failure: BrokerFailure?
    var arrived = BrokerArrivals()

    /// `spawn` starts the program whose standard input is the given socket.
    init(
        _ settings: Publisher.Settings, _ role: BrokerRole, isVersion5: Bool,
        spawn: Publisher.ClientSpawner
    ) throws(BrokerFailure) {
        var pair: [Int32] = [-1, -1]
        let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
        guard socketpair(AF_UNIX, Int32(kind), 0, &pair) == 0 else {
            throw BrokerFailure(code: Int32(MOSQ_ERR_ERRNO.rawValue), errno: errno)
        }
        defer { close(pair[1]) }
        do {
            process = try spawn(pair[1])
        } catch {
            close(pair[0])
            throw BrokerFailure("The process for MQTT: \(error)")
        }
        socket = pair[0]
        order(.open(settings, role, isVersion5: isVersion5))
    }

    deinit {
        close(socket)
        let end = ContinuousClock.now + ClientProcess.farewell
        while hasLeft, let process, ContinuousClock.now < end {
            if waitpid(process, nil, WNOHANG) != 0 { return }
            usleep(2000)
        }
        _ = endProcess()
    }

    /// Its status, as `waitpid` has it; one that had ended before keeps its own.
    private func endProcess() -> Int32? {
        guard let process else { return nil }
        self.process = nil
        var status: Int32 = 0
        kill(process, SIGKILL)
        return waitpid(process, &status, 0) == process ? status : nil
    }

    // MARK: The loop

    var hasMore: Bool { false }

    var pollEntry: pollfd {
        let writing = output.isEmpty ? 0 : POLLOUT
        return pollfd(fd: socket, events: Int16(POLLIN | writing), revents: 0)
    }

    func work(isReadable: Bool) {
        if isReadable { read() }
        write()
    }

    private func order(_ order: ClientOrder) {
        output += order.bytes
        write()
    }

    /// What does not fit waits: at most what `room` allows to be published, and what is subscribed.
    private func write() {
        while !output.isEmpty, failure == nil {
            let count = output.withUnsafeBytes {
                send(
                    socket, $0.baseAddress, $0.count,
                    Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            // That it is gone is read.
            guard count > 0 else { return }
            output = output.dropFirst(count)
        }
    }

    private func read() {
        var bytes = [UInt8](repeating: 0, count: ClientProcess.readAtOnce)
        let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        guard count > 0 else {
            if count == 0 || ![EAGAIN, EINTR].contains(errno) { ended() }
            return
        }
        input.append(bytes[..<count])
        do throws(ClientMessages.Malformed) {
            while let fields = try input.next() { take(try ClientReport(fields)) }
        } catch {
            failure = failure ?? BrokerFailure("The process for MQTT says what cannot be")
        }
    }

    private func take(_ report: ClientReport) {
        switch report {
        case .connected: isConnected = true
        case .acknowledged(let number):
            if let number = inFlight.removeValue(forKey: number) ?? nil {
                arrived.acknowledged.append(number)
            }
        case .message(let message): arrived.messages.append(message)
        case .warning(let text): arrived.warn(text)
        case .failed(let failure): self.failure = self.failure ?? failure
        }
    }

    /// Without a word: a signal, most likely.
    private func ended() {
        guard failure == nil else { return }
        let signal = endProcess().map { $0 & 0x7F } ?? 0
        let how = signal != 0 ? "was ended by signal \(signal)" : "has ended"
        failure = BrokerFailure(
            "The process for MQTT \(how); perhaps the broker sent what the library does not take")
    }

    // MARK: What is sent and has arrived

    var room: Int {
        isConnected && failure == nil ? ClientProcess.window - inFlight.count : 0
    }

    var isAllAcknowledged: Bool { inFlight.isEmpty }

    func publish(_ topic: String, _ payload: String, retain: Bool, number: UInt64?) {
        lastNumber += 1
        inFlight.updateValue(number, forKey: lastNumber)
        order(.publish(number: lastNumber, topic: topic, payload: payload, retain: retain))
    }

    func subscribe(_ topic: String, isLive: Bool) {
        order(.subscribe(topic: topic, isLive: isLive))
    }

    func disconnect() {
        order(.disconnect)
        hasLeft = true
    }
}
