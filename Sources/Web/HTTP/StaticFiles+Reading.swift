// Reads the folder of the dashboard into memory. Called by WebServer at the start and only then,
// because a disk may wait.

internal import Glibc

extension StaticFiles {
    static let longestFile = 4 << 20
    static let longestTotal = 16 << 20
    static let mostFiles = 256
    static let deepestFolder = 8
    /// Where Debian keeps the libraries that a page may link to.
    static let libraries = "/usr/share/javascript"

    /// Links are followed if they end inside the folder or below `libraries`; names that begin with
    /// a dot are left out.
    init(reading www: String, libraries: String = StaticFiles.libraries) {
        guard let root = resolved(www) else {
            warnings = ["there is no dashboard: no folder \(www)"]
            return
        }
        let allowed = [root, resolved(libraries)].compactMap { $0.map { $0 + "/" } }
        read(folder: root, as: "", depth: 0, within: allowed)
        if files["/index.html"] == nil {
            warnings.append("there is no dashboard: no file index.html in \(www)")
        }
    }

    private mutating func read(
        folder: String, as path: String, depth: Int, within allowed: [String]
    ) {
        guard depth < StaticFiles.deepestFolder else {
            return leaveOut(folder, "it is too deep")
        }
        for name in names(in: folder).sorted() where !name.hasPrefix(".") {
            let (entry, path) = ("\(folder)/\(name)", "\(path)/\(name)")
            read(entry: entry, as: path, depth: depth, within: allowed)
        }
    }

    private mutating func read(
        entry: String, as path: String, depth: Int, within allowed: [String]
    ) {
        guard let target = resolved(entry) else { return leaveOut(entry, "it cannot be found") }
        guard allowed.contains(where: { target.hasPrefix($0) }) else {
            return leaveOut(entry, "it leads out of the folder")
        }
        var status = stat()
        guard stat(target, &status) == 0 else { return leaveOut(entry, "it cannot be read") }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: read(folder: target, as: path, depth: depth + 1, within: allowed)
        case S_IFREG: read(file: target, as: path)
        default: leaveOut(entry, "it is not a file")
        }
    }

    private mutating func read(file target: String, as path: String) {
        guard files.count < StaticFiles.mostFiles else {
            return leaveOut(target, "there are more than \(StaticFiles.mostFiles) files")
        }
        guard let bytes = contents(target, limit: StaticFiles.longestFile) else {
            return leaveOut(target, "it cannot be read or is larger than 4 MiB")
        }
        let total = files.values.reduce(bytes.count) { $0 + $1.bytes.count }
        guard total <= StaticFiles.longestTotal else {
            return leaveOut(target, "all files together are larger than 16 MiB")
        }
        files[path] = StaticFile(bytes: bytes, name: path)
    }

    private mutating func leaveOut(_ path: String, _ reason: String) {
        guard warnings.count < 10 else { return }
        warnings.append("\(path) is not served: \(reason)")
    }
}

private func resolved(_ path: String) -> String? {
    guard let text = realpath(path, nil) else { return nil }
    defer { free(text) }
    return String(cString: text)
}

private func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while names.count < 4 * StaticFiles.mostFiles, let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        names.append(name)
    }
    return names
}

private func contents(_ path: String, limit: Int) -> [UInt8]? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while bytes.count <= limit {
        let count = read(file, &piece, piece.count)
        if count < 0 { return nil }
        if count == 0 { return bytes }
        bytes += piece[..<count]
    }
    return nil
}
