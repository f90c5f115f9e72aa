// The process of the MQTT client: carries out on one connection what the daemon orders. Called by
// `ups-server mqtt-client`; blocks as it likes.

import Glibc
import Report

/// Ends with the connection, or with the daemon.
public final class ClientProgram {
    private let socket: Int32
    private var input = ClientMessages()
    private var connection: BrokerConnection?
    private var hasSaidConnected = false

    /// `socket` is the other end of the daemon's.
    public init(socket: Int32) {
        self.socket = socket
    }

    public func run() {
        signal(SIGPIPE, SIG_IGN)
        do throws(End) {
            while connection == nil { try readOrders() }
            while true { try turn() }
        } catch {
            connection = nil
        }
    }

    /// Nothing is left to do.
    private struct End: Error {}

    private func turn() throws(End) {
        guard let connection else { throw End() }
        if connection.wait(.seconds(1), or: socket) { try readOrders() }
        if connection.isConnected, !hasSaidConnected {
            hasSaidConnected = true
            try report(.connected)
        }
        let arrived = connection.takeArrivals()
        for number in arrived.acknowledged { try report(.acknowledged(number: number)) }
        for message in arrived.messages { try report(.message(message)) }
        for warning in arrived.warnings { try report(.warning(warning)) }
        if let failure = connection.failure { try fail(failure) }
    }

    private func fail(_ failure: BrokerFailure) throws(End) {
        try report(.failed(failure))
        throw End()
    }

    // MARK: The daemon

    private func readOrders() throws(End) {
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &bytes, bytes.count, 0)
        guard count > 0 else {
            if count < 0, errno == EINTR { return }
            throw End()
        }
        input.append(bytes[..<count])
        do {
            while let fields = try input.next() { try carryOut(try ClientOrder(fields)) }
        } catch {
            throw End()
        }
    }

    private func carryOut(_ order: ClientOrder) throws(End) {
        switch order {
        case .open(let settings, let role, let isVersion5):
            try open(settings, role, isVersion5: isVersion5)
        case .publish(let number, let topic, let payload, let retain):
            connection?.publish(topic, payload, retain: retain, number: number)
        case .subscribe(let topic, let isLive): connection?.subscribe(topic, isLive: isLive)
        case .disconnect:
            connection?.disconnect()
            throw End()
        }
    }

    private func open(
        _ settings: Publisher.Settings, _ role: BrokerRole, isVersion5: Bool
    ) throws(End) {
        var failure: BrokerFailure?
        do throws(BrokerFailure) {
            connection = try BrokerConnection(settings, role, isVersion5: isVersion5)
        } catch {
            failure = error
        }
        if let failure { try fail(failure) }
    }

    /// Waits while the daemon does not read.
    private func report(_ report: ClientReport) throws(End) {
        var bytes = report.bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes {
                send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw End() }
            bytes = bytes.dropFirst(count)
        }
    }
}
