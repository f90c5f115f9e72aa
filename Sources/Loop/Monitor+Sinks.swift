// What the deciding loop hands on, and to whom. Filled by DaemonProcess.

public import Platform
public import Poweroff
public import Records
public import SerialLine

extension Monitor {
    /// What the Monitor hands things to; none of it waits.
    public struct Sinks {
        let bulletin: Bulletin
        let recorder: Recorder
        let runner: ShutdownRunner
        let store: KeptStore
        let lastShutdown: LastShutdown
        let upsStore: UPSStore
        /// What the file of `upsStore` held at the start.
        let record: UPSRecord
        let outageStore: OutageStore
        let notifier: ServiceNotifier?
        /// The commands, the first and its escalation.
        let steps: [ShutdownStep]
        let writesMeasurements: Bool
        /// The sentence with all that can be found out about it. May wait.
        let explain: @Sendable (SerialPortError) -> String
        /// Another program that has this device open, too; nil: there is none. May wait.
        let otherReader: @Sendable (String) -> String?
        /// Tells Web and MQTT that there is something new.
        let wakeAll: @Sendable () -> Void
        let wakeForMeasurements: @Sendable () -> Void
        let reload: @Sendable () -> Void

        public init(
            bulletin: Bulletin, recorder: Recorder, runner: ShutdownRunner, store: KeptStore,
            lastShutdown: LastShutdown, upsStore: UPSStore, record: UPSRecord,
            outageStore: OutageStore, notifier: ServiceNotifier?, steps: [ShutdownStep],
            writesMeasurements: Bool,
            explain: @escaping @Sendable (SerialPortError) -> String,
            otherReader: @escaping @Sendable (String) -> String?,
            wakeAll: @escaping @Sendable () -> Void,
            wakeForMeasurements: @escaping @Sendable () -> Void,
            reload: @escaping @Sendable () -> Void
        ) {
            (self.bulletin, self.recorder, self.runner, self.store) = (
                bulletin, recorder, runner, store
            )
            (self.lastShutdown, self.upsStore, self.record) = (lastShutdown, upsStore, record)
            (self.outageStore, self.notifier, self.steps) = (outageStore, notifier, steps)
            self.writesMeasurements = writesMeasurements
            (self.explain, self.otherReader) = (explain, otherReader)
            (self.wakeAll, self.wakeForMeasurements) = (wakeAll, wakeForMeasurements)
            self.reload = reload
        }
    }
}
