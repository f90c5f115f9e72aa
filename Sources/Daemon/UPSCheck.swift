// Asks the UPS once, without a daemon: for `ups-server check`, when the line is free.

import Configuration
import Glibc
import Host
import Monitoring
import Platform
import SerialLine
import UPS

struct UPSCheck {
    /// What cannot work is said by then.
    private static let longest = Duration.seconds(12)
    private static let step = Duration.milliseconds(100)

    let configuration: Configuration

    /// What the UPS says of itself, and what is wrong. Nothing is decided and nothing changed.
    func ask() -> (answer: String?, problems: [String]) {
        let port: SerialPort
        do throws(SerialPortError) {
            port = try SerialPort.open(configuration.server.serial)
        } catch {
            // A daemon is asking, and says what is wrong by itself; who else it is was said before.
            guard case .busy = error.cause else { return (nil, [error.explained()]) }
            return (nil, [])
        }
        defer { port.shut() }
        let started = BootClock.now()
        let setup = Watch.Setup(
            policy: configuration.policy, rating: configuration.rating,
            intervals: configuration.intervals)
        var watch = Watch(
            setup, installation: Installation(host: "", version: "", started: started),
            boot: ThisHost.bootID() ?? BootID(high: 0, low: 0), at: started)
        watch.portOpened(at: started)
        while BootClock.now() < started + UPSCheck.longest, !watch.knowsEverything,
            watch.deviceProblems.isEmpty
        {
            do throws(SerialPortError) {
                try turn(&watch, port)
            } catch {
                return (nil, [error.explained()])
            }
        }
        let snapshot = watch.snapshot(at: BootClock.now(), wall: BootClock.wall())
        return (UPSCheck.answer(snapshot), watch.deviceProblems)
    }

    private func turn(_ watch: inout Watch, _ port: SerialPort) throws(SerialPortError) {
        while let action = watch.nextAction() {
            switch action {
            case .send(let bytes): try port.write(bytes)
            case .drain: port.drain()
            case .sync, .runShutdown, .withdrawShutdown, .keep: break
            }
        }
        let now = BootClock.now()
        let due = min(watch.nextWake(at: now) ?? now + UPSCheck.step, now + UPSCheck.step)
        var descriptors = PollSet([port.descriptor])
        descriptors.wait(atMost: due - now)
        if descriptors.isReady(0) {
            watch.received(try port.read(), at: BootClock.now())
        }
        watch.advance(to: BootClock.now())
    }

    private static func answer(_ snapshot: Snapshot) -> String? {
        guard snapshot.link == .ok else { return nil }
        let identity = snapshot.identity
        let names = [identity.series, identity.batteryType, identity.firmware].compactMap { $0 }
        let charge = snapshot.reading.batteryCharge.map { "charge \($0) %" }
        let power = snapshot.powerPresent == true ? "on line" : "on battery"
        return (names + [power] + [charge].compactMap { $0 }).joined(separator: ", ")
    }
}

extension SerialPortError {
    /// With all that can be found out about it. Looks through /proc and asks the name service, which
    /// may take long: of a running daemon only the Recorder's thread may call it.
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
