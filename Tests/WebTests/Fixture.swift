// A server on a free port with a fake Monitor behind it, ended with the test.

import Glibc
import UPS
import Web

final class Fixture {
    let monitor = FakeMonitor()
    let server: WebServer
    private let folder: Folder

    init(
        files: [String: String] = ["index.html": "<!doctype html>"],
        _ change: (inout WebSettings) -> Void = { _ in }
    ) throws {
        folder = Folder(files)
        var settings = WebSettings()
        settings.port = 0
        settings.www = folder.path
        change(&settings)
        server = try WebServer(settings, uplink: monitor.uplink)
        monitor.setWake { [server] in server.wake() }
        try server.start()
    }

    deinit {
        server.stop(within: .seconds(2))
        monitor.setWake {}
    }

    func connect(to address: String = "127.0.0.1", receiveBuffer: Int32? = nil) throws -> Wire {
        try Wire(address, server.port, receiveBuffer: receiveBuffer)
    }

    func get(_ path: String, _ headers: String...) throws -> Reply {
        try request("GET", path, headers)
    }

    func request(_ method: String, _ path: String, _ headers: [String] = []) throws -> Reply {
        let wire = try connect()
        let lines = ["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(server.port)"] + headers
        wire.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return try Reply(from: wire, hasBody: method != "HEAD")
    }

    func change(_ body: @Sendable (inout Snapshot) -> Void = { _ in }) {
        monitor.change(body)
        server.wake()
    }

    /// Waits for a condition that the web thread brings about.
    func eventually(_ condition: () -> Bool) -> Bool {
        for _ in 0..<300 {
            if condition() { return true }
            usleep(10_000)
        }
        return false
    }
}

/// A folder with files of one's own, removed with the object.
final class Folder {
    let path: String

    init(_ files: [String: String]) {
        var name = Array("/tmp/ups-web-XXXXXX".utf8CString)
        precondition(mkdtemp(&name) != nil)
        path = name.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        for (name, text) in files { write(name, text) }
    }

    deinit {
        remove(path)
    }

    func write(_ name: String, _ text: String) {
        let parts = name.split(separator: "/")
        for count in 1..<max(1, parts.count) {
            mkdir(path + "/" + parts.prefix(count).joined(separator: "/"), 0o755)
        }
        let file = open("\(path)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        let bytes = Array(text.utf8)
        Glibc.write(file, bytes, bytes.count)
        close(file)
    }

    func link(_ name: String, to target: String) {
        symlink(target, "\(path)/\(name)")
    }

    private func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR, let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { remove("\(path)/\(name)") }
            }
            closedir(stream)
        }
        Glibc.remove(path)
    }
}
