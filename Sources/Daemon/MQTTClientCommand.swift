// `ups-server mqtt-client`: the process that keeps one connection to the broker for the daemon, which
// starts it. What a broker sends is dealt with here, with no rights but the network.

import ArgumentParser
import CSystem
import Glibc
import Host
import MQTT
import Platform

struct MQTTClientCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mqtt-client",
        abstract: "Keep a connection to the MQTT broker (for the daemon, which starts it).",
        shouldDisplay: false)

    /// The largest packet of a broker without MQTT 5 has 256 MB, and is refused. (bytes)
    private static let memory = 64 << 20
    private static let files = 64
    private static let socket: Int32 = 0

    func run() throws {
        var status = stat()
        guard fstat(MQTTClientCommand.socket, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK
        else { throw ValidationError("mqtt-client is started by the daemon, not by hand") }
        guard system_confine(MQTTClientCommand.memory, MQTTClientCommand.files) == 0 else {
            throw SystemError(errno, "cannot give up the rights of the MQTT client")
        }
        ClientProgram(socket: MQTTClientCommand.socket).run()
    }

    /// What the daemon does to start it.
    @Sendable static func start(socket: Int32) throws -> pid_t {
        try spawn(["/proc/self/exe", "mqtt-client"], environment: [], input: socket)
    }
}
