// The answer to a command or a query, as WebSocket clients and the control socket get it. Called by
// Web.

public import UPS

public enum ResultObject {
    public static func json(id: String?, _ result: CommandResult, snapshot: Snapshot) -> String {
        text(
            id: id, isAccepted: result.isAccepted, message: result.message.text,
            ("sentence", .sentence(result.message)),
            ("deadline", .string(result.deadline.map { snapshot.wallTime(of: $0).rfc3339 })))
    }

    /// The answer to the query `status`. Only the control socket asks it, which may command.
    public static func status(id: String?, snapshot: Snapshot) -> String {
        text(id: id, ("status", StatusObject.object(snapshot, access: .allowed)))
    }

    /// The answer to the query `events`, newest first.
    public static func events(id: String?, snapshot: Snapshot, limit: Int) -> String {
        text(id: id, ("events", EventsObject.list(snapshot, limit: limit)))
    }

    /// The answer to the query `outages`, newest first.
    public static func outages(id: String?, snapshot: Snapshot, limit: Int) -> String {
        text(id: id, ("outages", OutagesObject.list(snapshot, limit: limit)))
    }

    /// The answer to the query `history`, which is JSON already.
    public static func history(id: String?, _ history: [UInt8]) -> String {
        text(id: id, ("history", JSON(text: String(decoding: history, as: UTF8.self))))
    }

    private static func text(
        id: String?, isAccepted: Bool = true, message: String = "", _ content: (String, JSON)...
    ) -> String {
        let head = [
            ("id", JSON.string(id)), ("ok", .bool(isAccepted)), ("message", .string(message)),
        ]
        return JSON.object([("result", .object(head + content))]).text
    }
}
