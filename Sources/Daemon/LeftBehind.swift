// What former runs of the daemon have left in its folders: read at the start, before anything is
// decided.

import Configuration
import Monitoring
import Platform
import Records
import UPS

struct LeftBehind {
    let store: KeptStore
    let unfinished: UnfinishedRun
    let upsStore: UPSStore
    let record: UPSRecord
    let outageStore: OutageStore
    let outages: OutageBook
    let lastShutdown: LastShutdown
    /// How long the last shutdown of this host took.
    let measured: Duration?
    /// What cannot be kept, a sentence each.
    let warnings: [String]
    private let past: ShutdownRecord?
    private let boot: BootID

    init(
        _ server: Configuration.Server, boot: BootID, _ recorder: Recorder, at started: BootTime
    ) {
        self.boot = boot
        lastShutdown = LastShutdown(folder: server.stateDirectory, recorder: recorder)
        past = LastShutdown.load(from: server.stateDirectory)
        measured = past?.measured(in: boot)
        store = KeptStore(folder: server.runtimeDirectory, boot: boot)
        unfinished = UnfinishedRun(folder: server.runtimeDirectory, boot: boot, at: started)
        upsStore = UPSStore(folder: server.stateDirectory)
        let unkept: String?
        (record, unkept) = upsStore.load()
        warnings = [store.warning, unkept].compactMap { $0 }
        outageStore = OutageStore(folder: server.stateDirectory)
        var outages = outageStore.load(at: started, wall: BootClock.wall())
        if let past, past.boot != boot, past.duration == nil {
            outages.correct(past.incident, end: .forced)
        }
        self.outages = outages
    }

    func tell(to watch: inout Watch, at now: BootTime) {
        if unfinished.count > 0 {
            let text =
                "The run before did not end in order; the port is served after "
                + "\(unfinished.pause.components.seconds) s"
            watch.note(.warning, Message(text), at: now)
        }
        // On the first start after a shutdown.
        guard let past, past.boot != boot, !past.isTold else { return }
        let story = past.story(backAt: BootClock.wall(), utcOffset: BootClock.utcOffset)
        for line in story { watch.note(.serviceStart, Message(line), at: now) }
        if past.duration == nil {
            let text =
                "The last shutdown was ended by force, or by the UPS: look into the journal for "
                + "what hung, hostShutdownTime may be too low"
            watch.note(.warning, Message(text), at: now)
        }
        lastShutdown.tell(past)
    }
}
