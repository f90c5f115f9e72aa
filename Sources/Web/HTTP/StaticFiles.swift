// The files of the dashboard, read once at the start. A request is looked up in a table and never
// becomes a path on the disk, so nothing outside can be reached.

struct StaticFile: Equatable {
    let bytes: [UInt8]
    /// The same as gzip, where that is smaller.
    let packed: [UInt8]?
    let contentType: String
    /// Pictures hardly ever change, and the page's icon has to tell that the server is gone.
    var cacheControl: String { contentType.hasPrefix("image/") ? "max-age=86400" : "no-cache" }
    /// Of the content, as the ETag header has it. A weak one: it is the same for both encodings.
    let entityTag: String

    init(bytes: [UInt8], name: String) {
        self.bytes = bytes
        packed = Gzip.packed(bytes)
        contentType = StaticFile.contentType(of: name)
        entityTag = "W/\"\(String(StaticFile.hash(bytes), radix: 16))-\(bytes.count)\""
    }

    /// Whether an If-None-Match header names this content. The comparison is the weak one.
    func matches(_ ifNoneMatch: String?) -> Bool {
        guard let ifNoneMatch else { return false }
        return ifNoneMatch.split { $0 == "," || $0 == " " }.contains {
            $0 == "*" || $0 == entityTag || "W/" + $0 == entityTag
        }
    }

    private static func contentType(of name: String) -> String {
        switch name.split(separator: ".").last.map({ $0.lowercased() }) {
        case "html": "text/html; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "json", "map": "application/json"
        case "webmanifest": "application/manifest+json"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "txt": "text/plain; charset=utf-8"
        default: "application/octet-stream"
        }
    }

    /// FNV-1a: tells versions of a file apart, no more.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

struct StaticFiles {
    /// By the path of the request.
    var files: [String: StaticFile] = [:]
    /// What could not be served, in sentences for the log.
    var warnings: [String] = []

    subscript(path: String) -> StaticFile? { files[path] }
}
