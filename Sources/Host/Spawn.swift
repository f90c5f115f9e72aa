// Starts a program with nothing of ours but standard output and error, and an input where one is
// given. Called by the ShutdownRunner and for the client of MQTT.

public import CSystem
import Glibc
public import Platform

/// The process. Finds the program on PATH unless its name has a slash; there is no shell.
///
/// How clean it starts, see `system_spawn`; its environment is ours and `additions`. Without an
/// `input` it reads nothing.
public func spawn(
    _ arguments: [String], environment additions: [String], input: Int32 = -1
) throws(SystemError) -> pid_t {
    guard let program = arguments.first, !program.isEmpty else {
        throw SystemError(ENOENT, "no command is given")
    }
    var process = pid_t()
    let code = withCStrings(arguments) { arguments in
        withCStrings(inherited() + additions) { environment in
            system_spawn(&process, arguments, environment, input)
        }
    }
    guard code == 0 else { throw SystemError(code, "cannot start \(program)") }
    return process
}

/// Not what systemd meant for this process alone.
func isInherited(_ entry: String) -> Bool {
    !["NOTIFY_SOCKET=", "WATCHDOG_", "LISTEN_"].contains { entry.hasPrefix($0) }
}

private func inherited() -> [String] {
    var environment: [String] = []
    var next = system_environment()
    while let entry = next?.pointee {
        environment.append(String(cString: entry))
        next = next?.successor()
    }
    return environment.filter(isInherited)
}

/// Hands out an array of C strings that ends with a null pointer.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
}
