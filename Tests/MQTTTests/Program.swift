// Runs the programs that the tests need: the broker and its clients. Each is ended by its pid.

import Glibc
import Synchronization

/// A child process whose standard output is collected line by line.
final class Program: Sendable {
    private struct State {
        var text: [UInt8] = []
        var status: Int32?
    }

    private let pid: pid_t
    private let output: Int32
    private let state = Mutex(State())

    /// One at a time: no child may inherit the pipes of another.
    private static let spawning = Mutex(())

    init(_ path: String, _ arguments: [String], input: String = "") {
        (pid, output) = Program.spawning.withLock { _ in
            Program.spawn(path, arguments, input: input)
        }
        _ = fcntl(output, F_SETFL, O_NONBLOCK)
    }

    private static func spawn(
        _ path: String, _ arguments: [String], input: String
    ) -> (pid_t, Int32) {
        var outputs: [Int32] = [-1, -1]
        var inputs: [Int32] = [-1, -1]
        precondition(pipe(&outputs) == 0 && pipe(&inputs) == 0)
        for end in outputs + inputs { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, inputs[0], 0)
        posix_spawn_file_actions_adddup2(&actions, outputs[1], 1)
        posix_spawn_file_actions_adddup2(&actions, outputs[1], 2)
        // The threads of the tests block signals; a child must not.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let strings: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
        var child: pid_t = 0
        let code = posix_spawn(&child, path, &actions, &attributes, strings + [nil], environ)
        precondition(code == 0, "\(path): \(String(cString: strerror(code)))")
        for string in strings { free(string) }
        posix_spawn_file_actions_destroy(&actions)
        posix_spawnattr_destroy(&attributes)
        _ = write(inputs[1], input, input.utf8.count)
        for end in [outputs[1]] + inputs { close(end) }
        return (child, outputs[0])
    }

    deinit {
        end(SIGKILL)
        close(output)
    }

    /// It does nothing any more, and keeps its sockets.
    func freeze() {
        kill(pid, SIGSTOP)
    }

    /// Sends the signal and waits for the end.
    func end(_ signal: Int32 = SIGTERM) {
        if state.withLock({ $0.status == nil }) { kill(pid, signal) }
        _ = wait()
    }

    /// Waits for the end by itself.
    @discardableResult
    func wait() -> Int32 {
        if let status = state.withLock({ $0.status }) { return status }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        state.withLock { $0.status = status }
        return status
    }

    /// Everything that it writes until its end.
    var text: String {
        wait()
        return lines.joined(separator: "\n")
    }

    /// Everything written so far.
    var lines: [String] {
        state.withLock { state in
            var buffer = [UInt8](repeating: 0, count: 65536)
            while true {
                let count = read(output, &buffer, buffer.count)
                guard count > 0 else { break }
                state.text += buffer.prefix(count)
            }
            return String(decoding: state.text, as: UTF8.self).split(separator: "\n")
                .map { String($0) }
        }
    }
}

/// Looks again and again until it holds. False: it never did.
func eventually(_ limit: Duration = .seconds(5), _ holds: () -> Bool) -> Bool {
    let end = ContinuousClock.now + limit
    while !holds() {
        guard ContinuousClock.now < end else { return holds() }
        usleep(2000)
    }
    return true
}

/// A folder of its own, removed with what is in it.
final class Folder: Sendable {
    let path: String

    init() {
        let marks = String(repeating: "X", count: 6)
        var template = Array("/tmp/ups-mqtt-\(marks)".utf8CString)
        precondition(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8($0) }, as: UTF8.self)
    }

    deinit { Program("/bin/rm", ["-r", "-f", path]).wait() }

    func write(_ name: String, _ text: String) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        precondition(descriptor >= 0 && Glibc.write(descriptor, text, text.utf8.count) >= 0)
        close(descriptor)
        return file
    }
}

/// A socket that listens on a free port of 127.0.0.1.
struct Listener: ~Copyable {
    let descriptor: Int32
    let port: Int

    init() {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                precondition(bind(descriptor, generic, length) == 0)
                precondition(listen(descriptor, 16) == 0)
                precondition(getsockname(descriptor, generic, &length) == 0)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
    }

    deinit { close(descriptor) }

    func accept() -> Int32 { Glibc.accept(descriptor, nil, nil) }
}

func isListening(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    address.sin_port = UInt16(port).bigEndian
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, length) == 0
        }
    }
}
