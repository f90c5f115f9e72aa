// What of a request matters here, and what it asks for. Pure: made from the headers by
// HTTPConnection, answered by Responder.

struct HTTPRequest: Equatable {
    enum Method: Equatable {
        case get, head, other
    }

    var method = Method.get
    /// Decoded, without the query.
    var path = ""
    /// `name=value`, decoded.
    var arguments: [String] = []
    var ifNoneMatch: String?
    var acceptsGzip = false
    /// A body follows, or would.
    var hasBody = false
}

enum Route: Equatable {
    case file(String)
    case status
    case events(limit: Int)
    case health
    case methodNotAllowed
    case bodyRefused
    case wrong(String)

    static let eventLimits = 1...1000
    static let usualEvents = 100

    init(_ request: HTTPRequest) {
        guard request.method != .other else {
            self = .methodNotAllowed
            return
        }
        guard !request.hasBody else {
            self = .bodyRefused
            return
        }
        switch request.path {
        case "/api/status": self = .status
        case "/api/events": self = Route.events(request.arguments)
        case "/healthz": self = .health
        case "/": self = .file("/index.html")
        default: self = .file(request.path)
        }
    }

    private static func events(_ arguments: [String]) -> Route {
        let name = "limit="
        guard let argument = arguments.first(where: { $0.hasPrefix(name) }) else {
            return .events(limit: usualEvents)
        }
        guard let limit = Int(argument.dropFirst(name.count)), eventLimits.contains(limit) else {
            let (least, most) = (eventLimits.lowerBound, eventLimits.upperBound)
            return .wrong("limit must be a whole number, \(least) to \(most).")
        }
        return .events(limit: limit)
    }
}
