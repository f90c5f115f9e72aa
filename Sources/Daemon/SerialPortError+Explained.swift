// Why the serial port cannot be opened, with all that can be found out about it. Looks through
// /proc and asks the name service, both of which may take long: only the Recorder's thread may call
// it.

import Host
import SerialLine

extension SerialPortError {
    /// The sentence with all that can be found out about it.
    func explained() -> String {
        switch cause {
        case .busy:
            guard let holder = SerialPortHolder.find(path) else { return description }
            return "\(path) is in use: \(holder.description) holds it"
        case .noPermission(let group?):
            guard let name = groupName(group) else { return description }
            return "\(path) is open only to the group \(name): "
                + "the user of this daemon must be a member of it"
        default:
            return description
        }
    }
}
