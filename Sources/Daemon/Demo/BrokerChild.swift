// Debian's mosquitto as a child of the demo: a broker for which nothing has to be set up.

import Glibc
import Host
import Platform
import UPS

/// Debian's mosquitto on a free port of this host. It ends with its parent, however that ends.
final class BrokerChild {
    private static let startLimit = Duration.seconds(5)

    let address: BrokerAddress
    private let process: pid_t

    init(in folder: String) throws {
        address = BrokerAddress(host: "127.0.0.1", port: try BrokerChild.freePort())
        let file = folder + "/mosquitto.conf"
        let lines = [
            "listener \(address.port) 127.0.0.1", "allow_anonymous true", "log_type none", "",
        ]
        try replaceFile(file, with: lines.joined(separator: "\n"))
        let program = access("/usr/sbin/mosquitto", X_OK) == 0 ? "/usr/sbin/mosquitto" : "mosquitto"
        process = try spawn(
            ["setpriv", "--pdeathsig", "TERM", program, "-c", file], environment: [])
        try waitUntilItListens()
    }

    func stop() {
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
    }

    private func waitUntilItListens() throws {
        let end = BootClock.now() + BrokerChild.startLimit
        while BootClock.now() < end {
            if BrokerChild.connects(to: address.port) { return }
            guard waitpid(process, nil, WNOHANG) == 0 else { break }
            usleep(20_000)
        }
        throw StartError(
            description: "mosquitto does not start; install the package mosquitto, "
                + "or name a broker with --broker HOST:PORT")
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func freePort() throws(SystemError) -> Int {
        let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 ? getsockname(socket, $0, &length) : -1
            }
        }
        guard code == 0 else { throw SystemError(errno, "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func connects(to port: Int) -> Bool {
        let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = loopback(port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
