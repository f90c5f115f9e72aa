// One line of the event log. Pure.

import Host
import UPS

/// `YYYY-MM-DD HH:MM:SS ±ZZZZ` TAB text
enum EventLine {
    private static let textLimit = 1000

    static func text(of event: Event, at wall: WallTime, utcOffset: Int) -> String {
        let time = LocalTime(wall, utcOffset: utcOffset).stampWithOffset
        return time + "\t" + String(decoding: oneLine(event.text, limit: textLimit), as: UTF8.self)
            + "\n"
    }
}
