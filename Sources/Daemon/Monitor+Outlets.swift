// What the deciding loop hands on, and to whom. Filled by DaemonProcess.

import UPS

extension Monitor {
    /// What the Monitor hands things to; none of it waits.
    struct Outlets {
        let bulletin: Bulletin
        let recorder: Recorder
        let halt: Halt
        let store: KeptStore
        let lastShutdown: LastShutdown
        let notifier: ServiceNotifier?
        /// The commands, the first and its escalation.
        let steps: [ShutdownStep]
        let writesMeasurements: Bool
        /// Keeps it for the next start; returns at once.
        let keep: @Sendable (CapacitorsWhenNew) -> Void
        /// Tells Web and MQTT that there is something new.
        let wakeAll: @Sendable () -> Void
        let wakeForMeasurements: @Sendable () -> Void
        let reload: @Sendable () -> Void
    }
}
