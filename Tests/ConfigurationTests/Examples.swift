// What the tests of this folder share: the defaults as users know them, and files to read.

internal import Glibc

/// The defaults as the documentation shows them.
let documentedDefaults = """
    server = {
      ip = "127.0.0.1"; port = 10024;      # one address or a list; port 1..65535
      serial = "/dev/ttyUSB0";             # prefer /dev/serial/by-id/...
      user = -1; group = -1;               # id or name to change to when started as root
      daemonize = false;                   # accepted, warned about
      logToFile = false;                   # measurements as CSV, a file a day
      logDirectory = "/var/lib/ups-server";
      eventLog = "/var/lib/ups-server/event.log";
      shutdownByTime = true; shutdownDelay = 15;
      shutdownBySoc = false; shutdownSocPercent = 25;
      www = "/opt/www/ups-server";
      runtimeDirectory = "/run/ups-server";
      maxClients = 1200;                   # all kinds of connections on the port together
      maxRawClients = 600;
      webCommands = "loopback";            # "loopback", "token", "off"
      controlTokenFile = "";
      stateDirectory = "/var/lib/ups-server";
    };
    ups = { name = ""; inputVoltage = 12.4; batteryVoltage = 10.4; powerReturnPercent = 90;
            maxBackupTime = 60; wakeupDelay = 8; maxAmps = 5;
            cutoffVoltage = 0.0;
    };
    poll = { status = 0.1; values = 1.0; slow = 10.0; timeout = 0.5; };        # seconds
    shutdown = { command = [];
                 escalation = ( );
                 hostShutdownTime = 20; reserve = 5; confirmReadings = 2; lowChargeHold = 2.0;
                 returnHold = 5.0; deadTime = 15; dryRun = false; cutOutput = "never";
                 rebootIfPowerReturned = true; };
    mqtt = { host = "127.0.0.1"; port = 1883; prefix = "ups"; id = ""; username = "";
             passwordFile = ""; discovery = true; discoveryPrefix = "homeassistant";
             commands = true; keepalive = 30;
             tls = { caFile = ""; certFile = ""; keyFile = ""; insecure = false; }; };

    """

/// A folder of its own, gone with the last reference.
final class Folder {
    let path: String

    init() {
        var template = Array("/tmp/ups-configuration-XXXXXX".utf8CString)
        precondition(mkdtemp(&template) != nil)
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(cString: $0.bindMemory(to: CChar.self).baseAddress!)
            }
            if name != ".", name != ".." { remove("\(path)/\(name)") }
        }
        closedir(folder)
        rmdir(path)
    }

    /// Writes a file and gives its path.
    func file(_ name: String, _ text: String) -> String {
        file(name, Array(text.utf8))
    }

    func file(_ name: String, _ bytes: [UInt8]) -> String {
        let file = fopen("\(path)/\(name)", "w")!
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        return "\(path)/\(name)"
    }
}
