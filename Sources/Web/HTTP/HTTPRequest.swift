// What matters of a request, and what it asks for. Made from the headers by HTTPConnection,
// answered by Responder; does no I/O.

internal import Report
internal import UPS

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
    /// Others may read it in another way: a second Host, a blank behind the name of a header that
    /// tells the length.
    var isAmbiguous = false
}

enum Route: Equatable {
    case file(String)
    case status
    case events(limit: Int)
    case outages(limit: Int)
    case history(seconds: Int)
    case metrics
    case health
    case methodNotAllowed
    case bodyRefused
    case ambiguous
    case wrong(String)

    init(_ request: HTTPRequest) {
        switch request.path {
        case _ where request.isAmbiguous: self = .ambiguous
        case _ where request.method == .other: self = .methodNotAllowed
        case _ where request.hasBody: self = .bodyRefused
        case "/api/status": self = .status
        case "/api/events":
            self = request.number("limit", in: 1...1000, else: 100) { .events(limit: $0) }
        case "/api/outages":
            self = request.number("limit", in: 1...OutageBook.capacity, else: 20) {
                .outages(limit: $0)
            }
        case "/api/history":
            self = request.number("seconds", in: 1...History.longest, else: 900) {
                .history(seconds: $0)
            }
        case "/healthz": self = .health
        case "/metrics": self = .metrics
        case "/": self = .file("/index.html")
        default: self = .file(request.path)
        }
    }
}

extension HTTPRequest {
    /// The route with the number that an argument says, or the usual one.
    fileprivate func number(
        _ name: String, in range: ClosedRange<Int>, else usual: Int, route: (Int) -> Route
    ) -> Route {
        guard let argument = arguments.first(where: { $0.hasPrefix(name + "=") }) else {
            return route(usual)
        }
        let text = argument.dropFirst(name.utf8.count + 1)
        guard let number = Int(text), range.contains(number) else {
            let (least, most) = (range.lowerBound, range.upperBound)
            return .wrong("\(name) must be a whole number, \(least) to \(most).")
        }
        return route(number)
    }
}
