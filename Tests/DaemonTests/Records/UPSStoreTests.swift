// What is kept of the UPS from its first day, on disk.

import Glibc
import Testing
import UPS

@testable import Daemon
@testable import Records

@Suite struct UPSStoreTests {
    private let folder = TemporaryFolder()
    private let new = CapacitorsWhenNew(
        serial: "S1", batteryType: nil, capacitance: Capacitance(millifarads: 25_000),
        esrMilliohms: 34)

    @Test func isMadeOnceAndKept() throws {
        let store = UPSStore(folder: folder.path)
        let (record, warning) = store.load()
        #expect(warning == nil && record.fallbackSerial != nil && record.new == nil)
        #expect(store.load().record == record)
        var changed = record
        changed.new = new
        try store.write(changed)
        #expect(UPSStore(folder: folder.path).load().record == changed)
        #expect(
            folder.text(of: UPSStore.name) == """
                {"batteryType":null,"capacity":25000,"esr":34,\
                "fallbackSerial":"\(record.fallbackSerial ?? "")","serial":"S1"}

                """)
    }

    @Test func theRecorderKeepsTheValues() throws {
        let recorder = try Recorder(
            eventLog: nil, measurementFolder: nil,
            logDescriptor: open("/dev/null", O_WRONLY | O_CLOEXEC))
        let store = UPSStore(folder: folder.path)
        store.keep(new, in: store.load().record, by: recorder)
        #expect(recorder.flush(within: .seconds(5)))
        #expect(store.load().record.new == new)
    }

    /// Half a file is none, and begins anew.
    @Test(arguments: ["", "{", "{}", "\u{0}\u{0}", #"{"fallbackSerial":"a"#])
    func spoiled(text: String) {
        folder.write(text, to: UPSStore.name)
        let record = UPSStore(folder: folder.path).load().record
        #expect(record.fallbackSerial != "a" && record.new == nil)
    }

    @Test(arguments: [#""capacity":0,"esr":1"#, #""capacity":1,"esr":70000"#, #""esr":34"#])
    func wrongValuesAreNone(text: String) {
        folder.write(#"{"fallbackSerial":"a",\#(text)}"#, to: UPSStore.name)
        let record = UPSStore(folder: folder.path).load().record
        #expect(record.fallbackSerial == "a" && record.new == nil)
    }

    @Test func withoutAPlaceNothingIsKept() {
        folder.write("", to: "file")
        let (record, warning) = UPSStore(folder: folder.file("file")).load()
        #expect(record == UPSRecord(fallbackSerial: nil))
        #expect(warning?.hasSuffix(": Not a directory") == true)
    }
}
