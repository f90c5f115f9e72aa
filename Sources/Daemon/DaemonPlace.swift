// Where the daemon runs and as whom: the first step of its start, and the end of root's rights.

import Configuration
import Host
import Records
import UPS

struct DaemonPlace {
    let boot: BootID
    let control: RuntimeFolder
    let recorder: Recorder

    /// From here on this process runs as the configured user.
    init(_ configuration: Configuration) throws {
        guard let boot = ThisHost.bootID() else {
            throw StartError(description: "the kernel's boot id cannot be read")
        }
        self.boot = boot
        control = RuntimeFolder(configuration.server.runtimeDirectory, of: configuration.server)
        try UserAccount.change(to: configuration.server)
        recorder = try Recorder.start(configuration.recorderDestinations)
    }
}
