// SIGHUP: reads the configuration again, on the Recorder's thread. A wrong file changes nothing.

import Configuration
import Loop
import Platform
import Records
import Synchronization
import UPS

final class Reload: Sendable {
    private let path: String
    /// How long the last shutdown took.
    private let measured: Duration?
    private let running: Mutex<Configuration>
    private let recorder: Recorder
    private let bulletin: Bulletin
    private let broker: BrokerLink
    private let notifier: ServiceNotifier?

    init(
        path: String, running: Configuration, measured: Duration?, recorder: Recorder,
        bulletin: Bulletin, broker: BrokerLink, notifier: ServiceNotifier?
    ) {
        self.measured = measured
        (self.path, self.recorder) = (path, recorder)
        (self.bulletin, self.broker, self.notifier) = (bulletin, broker, notifier)
        self.running = Mutex(running)
    }

    /// Called by the Monitor; returns at once.
    func start() {
        notifier?.reloading()
        let isTaken = recorder.work("reload") { self.read() }
        guard !isTaken else { return }
        recorder.log(.error, "Reload: too busy, nothing was changed")
        notifier?.ready(status: "Configuration not read")
    }

    private func read() {
        defer { notifier?.ready(status: "Configuration read") }
        let parsed: Configuration.Parsed
        do throws(ConfigurationError) {
            parsed = try Configuration.read(path: path)
        } catch {
            say("\(error); nothing was changed")
            return
        }
        for warning in parsed.warnings { say("\(warning)") }
        let former = running.withLock { $0 }
        var configuration = parsed.configuration
        let isSame =
            configuration.server == former.server && configuration.host == former.host
            && configuration.nut == former.nut
        if !isSame {
            say("Reload: changed paths, addresses, users and commands hold after a restart")
        }
        // What needs a restart stays as it is until then.
        (configuration.server, configuration.host) = (former.server, former.host)
        configuration.nut = former.nut
        let notes = configuration.settle(measured: measured)
        running.withLock { $0 = configuration }
        bulletin.reconfigure(configuration.setup(with: notes))
        if configuration.broker != former.broker {
            broker.replace(with: configuration.broker, server: configuration.server)
        }
        recorder.log(.info, "Configuration read again")
    }

    private func say(_ text: String) {
        _ = bulletin.submit(.note(.warning, Message(text)))
    }
}
