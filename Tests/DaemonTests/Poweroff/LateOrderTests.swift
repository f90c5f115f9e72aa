// What the late hook is told, and when it believes it.

import Configuration
import Glibc
import Testing

@testable import Daemon
@testable import Host
@testable import Poweroff
@testable import UPS

@Suite struct LateOrderTests {
    private static func order(
        _ reason: Reason = .time, cut: CutOutput = .onBattery, reboots: Bool = true
    ) -> LateOrder {
        LateOrder(
            LateOrder.Terms(serial: "/dev/ttyUPS", cut: cut, rebootsIfPowerReturned: reboots),
            boot: someBoot,
            shutdown: CommittedShutdown(
                incident: IncidentID(boot: someBoot, number: 3), reason: reason,
                outage: BootTime(.seconds(980)), time: BootTime(.seconds(995)),
                grace: .seconds(40)),
            at: BootTime(.seconds(1000.7)))
    }

    @Test func thereAndBack() {
        let order = Self.order()
        #expect(
            order.lines.text == """
                BOOT_ID=1f0c8b52-8e0d-4d0f-9c3a-0123456789ab
                INCIDENT=1f0c8b52-3
                REASON=time
                BOOTTIME=1000
                SERIAL=/dev/ttyUPS
                CUT_OUTPUT=onBattery
                REBOOT_IF_POWER_RETURNED=yes

                """)
        #expect(LateOrder(order.lines) == order)
        #expect(LateOrder(Self.order(reboots: false).lines)?.terms.rebootsIfPowerReturned == false)
    }

    @Test(arguments: [
        "BOOT_ID", "INCIDENT", "REASON", "BOOTTIME", "SERIAL", "CUT_OUTPUT",
        "REBOOT_IF_POWER_RETURNED",
    ])
    func everyLineCounts(key: String) throws {
        let lines = Self.order().lines.text.split(separator: "\n")
        let without = lines.filter { !$0.hasPrefix("\(key)=") }.joined(separator: "\n")
        #expect(LateOrder(try #require(KeyLines(without))) == nil)
        guard key != "INCIDENT", key != "SERIAL" else { return }
        #expect(LateOrder(try #require(KeyLines(without + "\n\(key)=nonsense"))) == nil)
    }

    @Test(arguments: [(1000, true), (999, false), (4600, true), (4601, false)])
    func age(now: Int, isTaken: Bool) {
        let refusal = Self.order().refusal(boot: someBoot, at: BootTime(.seconds(now)))
        #expect((refusal == nil) == isTaken)
    }

    @Test func onlyOfThisBoot() {
        let refusal = Self.order().refusal(
            boot: BootID(high: 1, low: 2), at: BootTime(.seconds(1000)))
        #expect(refusal == "it was written by another boot")
    }

    /// A daemon without rights could make a reboot of a power-off that others want.
    @Test func onlyBehindARequestThatRootHasCarriedOut() {
        var request = PoweroffRequest(
            .poweroff, boot: someBoot, incident: "1f0c8b52-3", at: BootTime(.seconds(1000)),
            grace: .seconds(40))
        #expect(Self.order().isBehind(PoweroffMark(request)))
        request.incident = "1f0c8b52-2"
        #expect(!Self.order().isBehind(PoweroffMark(request)))
        (request.incident, request.boot) = ("1f0c8b52-3", BootID(high: 1, low: 2))
        #expect(!Self.order().isBehind(PoweroffMark(request)))
        #expect(!Self.order().isBehind(nil))
    }

    @Test(arguments: [
        ("command = [\"/bin/true\"];", 0o640, true), ("command = [\"/bin/true\"];", 0o660, false),
        ("escalation = ([\"/bin/true\"]);", 0o640, true), ("", 0o640, false),
        ("nonsense", 0o640, false),
    ])
    func aProgramThatRootHasConfigured(line: String, mode: Int, counts: Bool) {
        let folder = TemporaryFolder()
        folder.write("shutdown: { \(line) };\n", to: "file")
        chmod(folder.file("file"), mode_t(mode))
        #expect(Configuration.hasOwnProgram(folder.file("file")) == counts)
        #expect(!Configuration.hasOwnProgram(folder.file("none")))
    }

    @Test func whoAskedTheUPSForAShutdownStaysOff() {
        for reason in Reason.allCases {
            #expect(Self.order(reason).plan.mayReboot == (reason != .upsRequest))
        }
        #expect(!Self.order(reboots: false).plan.mayReboot)
        #expect(Self.order(.upsRequest, cut: .never).plan.isEmpty)
    }

    @Test(arguments: [
        ("/usr/lib/systemd/system-shutdown/ups-server", true),
        ("/lib/systemd/system-shutdown/ups-server", true), ("/usr/bin/ups-server", false),
        ("ups-server", false), ("", false), ("/system-shutdown", false),
    ])
    func theLinkMakesTheHook(program: String, isHook: Bool) {
        #expect(LateHook.isCalled(as: program) == isHook)
    }
}
