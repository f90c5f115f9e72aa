// By which name Home Assistant knows the UPS, on disk.

import Report
import Testing
import UPS

@testable import Daemon
@testable import Platform
@testable import Records

struct HomeAssistantStoreTests {
    private let folder = TemporaryFolder()

    @Test func isKept() throws {
        let store = HomeAssistantStore(folder: folder.path)
        #expect(store.kept == nil)
        var told = HomeAssistantRecord()
        told.note(Identity(), as: "ups_x", announcedAt: "homeassistant/device/ups_x/config")
        try store.write(told)
        #expect(HomeAssistantStore(folder: folder.path).kept == told)
        #expect(folder.contents == [HomeAssistantStore.name])
    }

    /// Half a file is none.
    @Test(arguments: ["", "{", "{}", "\u{0}\u{0}", #"{"identifier":"a"#])
    func spoiled(text: String) {
        folder.write(text, to: HomeAssistantStore.name)
        #expect(HomeAssistantStore(folder: folder.path).kept == nil)
    }

    @Test func withoutAPlaceForIt() {
        folder.write("", to: "file")
        let store = HomeAssistantStore(folder: folder.file("file"))
        let error = caught(SystemError.self) { try store.write(HomeAssistantRecord()) }
        #expect(error?.description.hasSuffix(": Not a directory") == true)
    }
}
