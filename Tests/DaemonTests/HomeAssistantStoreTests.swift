// By which name Home Assistant knows the UPS, on disk.

import Glibc
import Report
import Testing
import UPS

@testable import Daemon

struct HomeAssistantStoreTests {
    private let folder = TemporaryFolder()

    @Test func isMadeOnceAndKept() throws {
        let store = HomeAssistantStore(folder: folder.path)
        #expect(store.kept == nil)
        let (record, error) = store.make()
        #expect(error == nil && record.fallback != nil)
        #expect(store.kept == record)
        var told = record
        told.note(Identity(), announcedAt: "homeassistant/device/x/config")
        try store.write(told)
        #expect(HomeAssistantStore(folder: folder.path).kept == told)
        #expect(folder.contents == [HomeAssistantStore.name])
        #expect(store.make().0.fallback != record.fallback)
    }

    @Test func aFolderThatIsNotThereIsMade() {
        let inner = folder.file("state")
        let store = HomeAssistantStore(folder: inner)
        let (record, error) = store.make()
        #expect(error == nil)
        #expect(store.kept == record)
        unlink("\(inner)/\(HomeAssistantStore.name)")
        rmdir(inner)
    }

    /// Half a file is none.
    @Test(arguments: ["", "{", "{}", "\u{0}\u{0}", #"{"fallback":"a"#])
    func spoiled(text: String) {
        folder.write(text, to: HomeAssistantStore.name)
        #expect(HomeAssistantStore(folder: folder.path).kept == nil)
    }

    @Test func withoutAPlaceThereIsNoName() {
        folder.write("", to: "file")
        let (record, error) = HomeAssistantStore(folder: folder.file("file")).make()
        #expect(record.fallback == nil)
        #expect(error?.description.hasSuffix(": Not a directory") == true)
    }
}
