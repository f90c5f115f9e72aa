// Answers a request: from the table of files, the newest snapshot, the history and the health of
// the Daemon. Touches no connection.

internal import Report
internal import UPS

struct Responder {
    let files: StaticFiles
    let isTicking: () -> Bool
    let latest: () -> Snapshot
    let counters: () -> SinkCounters
    /// As JSON, of so many seconds.
    let history: (Int) -> [UInt8]
    /// More answers are on their way than there should be.
    let isCrowded: Bool

    func response(to request: HTTPRequest) -> HTTPResponse {
        switch Route(request) {
        case .status: .json(StatusObject.json(latest(), access: nil).utf8)
        case .events where isCrowded, .outages where isCrowded, .history where isCrowded:
            .text(.serviceUnavailable, "Too many ask for this at once; try again.")
        case .events(let limit): .json(EventsObject.json(latest(), limit: limit).utf8)
        case .outages(let limit): .json(OutagesObject.json(latest(), limit: limit).utf8)
        case .history(let seconds): .json(history(seconds))
        case .metrics:
            HTTPResponse(
                status: .ok, contentType: Metrics.contentType, isOwn: true,
                body: Array(Metrics.text(latest(), counters()).utf8))
        case .health: health
        case .file(let path): file(path, for: request)
        case .wrong(let sentence): .text(.badRequest, sentence)
        // What a refused request still sends must not be taken for the next one.
        case .methodNotAllowed:
            .text(.methodNotAllowed, "Only GET and HEAD are allowed here.", closes: true)
        case .bodyRefused:
            .text(.contentTooLarge, "A request must not have a body.", closes: true)
        case .ambiguous:
            .text(.badRequest, "The headers can be understood in two ways.", closes: true)
        }
    }

    private var health: HTTPResponse {
        isTicking()
            ? .text(.ok, "The UPS is being watched.")
            : .text(.serviceUnavailable, "The deciding loop does not run.")
    }

    private func file(_ path: String, for request: HTTPRequest) -> HTTPResponse {
        guard let file = files[path] else {
            let isPage = path == "/index.html"
            return .text(.notFound, isPage ? "The dashboard is not installed." : "Not found.")
        }
        var response = HTTPResponse(
            status: .ok, contentType: file.contentType, cacheControl: file.cacheControl,
            entityTag: file.entityTag, isPackable: file.packed != nil)
        if file.matches(request.ifNoneMatch) {
            response.status = .notModified
        } else if let packed = file.packed, request.acceptsGzip {
            response.isPacked = true
            response.body = packed
        } else {
            response.body = file.bytes
        }
        return response
    }
}
