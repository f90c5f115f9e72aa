// libconfig's half: text in, entries out. The only file that knows the library; called by `parse`
// after SourceScan, which refuses what the library would get wrong.

internal import CLibConfig

enum Document {
    /// Deeper than any key that is known.
    static let depthLimit = 8

    /// Errors: what libconfig reports, with its file and line; values nested deeper than the limit.
    static func entries(
        of source: [UInt8], path: String
    ) throws(ConfigurationError) -> [Entry] {
        // The settings point back at it, so its address must not change.
        let document = UnsafeMutablePointer<config_t>.allocate(capacity: 1)
        document.initialize(to: config_t())
        config_init(document)
        defer {
            config_destroy(document)
            document.deallocate()
        }
        let isRead = (source + [0]).withUnsafeBytes {
            config_read_string(document, $0.bindMemory(to: CChar.self).baseAddress)
        }
        guard isRead == CONFIG_TRUE else {
            throw error(of: document.pointee, source: source, path: path)
        }
        guard let root = document.pointee.root else { return [] }
        return try members(of: root, path: path, depth: 0)
    }

    private static func error(
        of document: config_t, source: [UInt8], path: String
    ) -> ConfigurationError {
        let file = document.error_file.map { String(cString: $0) } ?? path
        let text = document.error_text.map { String(cString: $0) } ?? "cannot be parsed"
        let line = Int(document.error_line)
        let read = file == path ? source : (try? SourceFile.read(file)) ?? []
        let scan = SyntaxScan(read)
        if text == "syntax error", let found = scan.firstFinding(until: line) {
            return ConfigurationError(
                place: Place(file: file, line: found.line), text: "\(text): \(found.text)",
                excerpt: scan.excerpt(line: found.line, column: found.column))
        }
        let allowed =
            switch text {
            case "duplicate setting name": "each name once in its group"
            case "mismatched element type in array": "[ … ] of one type, or a list ( … )"
            default: "settings like name = value; and groups like name = { … };"
            }
        return ConfigurationError(
            place: Place(file: file, line: line), text: "\(text), allowed: \(allowed)",
            excerpt: scan.excerpt(line: line))
    }

    private static func elements(
        of parent: UnsafeMutablePointer<config_setting_t>
    ) -> [UnsafeMutablePointer<config_setting_t>] {
        let count = config_setting_length(parent)
        return (0..<count).compactMap { config_setting_get_elem(parent, UInt32($0)) }
    }

    private static func place(
        of setting: UnsafeMutablePointer<config_setting_t>, path: String
    ) -> Place {
        let file = setting.pointee.file.map { String(cString: $0) } ?? path
        return Place(file: file, line: Int(setting.pointee.line))
    }

    private static func members(
        of group: UnsafeMutablePointer<config_setting_t>, path: String, depth: Int
    ) throws(ConfigurationError) -> [Entry] {
        var entries: [Entry] = []
        for member in elements(of: group) {
            entries.append(
                Entry(
                    name: member.pointee.name.map { String(cString: $0) } ?? "",
                    value: try value(of: member, path: path, depth: depth),
                    place: place(of: member, path: path)))
        }
        return entries
    }

    private static func value(
        of setting: UnsafeMutablePointer<config_setting_t>, path: String, depth: Int
    ) throws(ConfigurationError) -> Value {
        guard depth < depthLimit else {
            throw ConfigurationError(
                place: place(of: setting, path: path),
                text: "groups and lists inside each other, allowed: \(depthLimit) levels")
        }
        let value = setting.pointee.value
        switch Int32(setting.pointee.type) {
        case CONFIG_TYPE_BOOL: return .boolean(value.ival != 0)
        case CONFIG_TYPE_INT: return .integer(Int(value.ival))
        case CONFIG_TYPE_INT64: return .integer(Int(value.llval))
        case CONFIG_TYPE_FLOAT: return .decimal(value.fval)
        case CONFIG_TYPE_STRING: return .text(value.sval.map { String(cString: $0) } ?? "")
        case CONFIG_TYPE_GROUP:
            return .group(try members(of: setting, path: path, depth: depth + 1))
        default:
            var values: [Value] = []
            for element in elements(of: setting) {
                values.append(try self.value(of: element, path: path, depth: depth + 1))
            }
            return .list(values)
        }
    }
}
