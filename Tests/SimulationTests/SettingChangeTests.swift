// The command `set` against a simulated UPS: written, read back, and what comes in between.

import Simulator
import Testing

@testable import Bicker
@testable import Decision
@testable import Monitoring
@testable import UPS

@Suite struct SettingChangeTests {
    private static let start = BootTime(.seconds(1000))

    /// A world whose settings are known.
    private func world() -> World {
        var world = World(Watch.Setup(), seed: 1)
        world.run(until: SettingChangeTests.start + .seconds(3))
        return world
    }

    private func set(
        _ name: SettingName, _ value: Int?, from origin: Origin = .control, id: String? = nil
    ) -> Step {
        .command(Command(.set(name, value), from: origin, id: id))
    }

    private func result(_ world: inout World, ticket: Ticket = 1) -> CommandResult? {
        world.run(until: world.now + .seconds(3))
        return world.watch.answers.result(for: ticket)
    }

    private func known(_ world: World, _ name: SettingName) -> Int? {
        world.watch.settings[name]?.effective
    }

    @Test func allSettingsAreRead() {
        let world = world()
        #expect(world.watch.settings == SimulatedUPS(at: world.now).settings)
        #expect(world.watch.settings.count == SettingName.allCases.count)
        #expect(world.oracle.violation == nil)
    }

    @Test func aUPSWithoutSettings() {
        var world = World(Watch.Setup(), seed: 1)
        world.ups.unknownRequests = Set(SettingName.allCases.map(\.request))
        world.run(until: SettingChangeTests.start + .seconds(30))
        #expect(world.watch.settings.isEmpty)
        world.perform(set(.restartDelay, 30))
        #expect(
            result(&world)?.message == "This UPS does not have the setting restartDelay.")
    }

    @Test(arguments: [.mute, .garbage, .slow] as [Fault])
    func alostAnswerIsAskedForAgain(_ fault: Fault) {
        for number in 1...20 {
            var world = World(Watch.Setup(), seed: 1)
            world.run(until: SettingChangeTests.start + .milliseconds(number * 10))
            world.perform(.fault(fault, count: 1, on: nil))
            world.run(until: SettingChangeTests.start + .seconds(5))
            #expect(world.watch.settings.count == SettingName.allCases.count, "\(number)")
        }
    }

    @Test func aChange() {
        var world = world()
        world.perform(set(.restartDelay, 30))
        let result = result(&world)
        let text = "restartDelay of the UPS is now 30 s, it was off."
        #expect(result == .accepted(Message(text)))
        #expect(known(world, .restartDelay) == 30)
        #expect(world.ups.settings[.restartDelay]?.effective == 30)
        #expect(world.events.last?.text == text)
        world.perform(set(.restartDelay, nil))
        #expect(
            self.result(&world, ticket: 2)?.message
                == "restartDelay of the UPS is now off, it was 30 s.")
        #expect(world.ups.settings[.restartDelay]?.value == 30)
        #expect(world.oracle.violation == nil)
    }

    /// What the UPS cuts off by itself bounds the delay from then on (rule 5).
    @Test func theBackupTimeHoldsAtOnce() {
        var world = world()
        world.perform(set(.maximumBackupTime, 40))
        #expect(result(&world)?.isAccepted == true)
        #expect(world.watch.controller.policy.maximumBackupTime == .seconds(40))
    }

    @Test(
        arguments: [
            (.restartDelay, 0, "restartDelay takes 1 to 180 s, not 0."),
            (.relayMode, 6, "relayMode takes 1 to 5, not 6."),
            (.restartDelay, nil, "restartDelay already is off."),
            (.loadSensor, 200, "loadSensor already is 200 mA."),
        ] as [(SettingName, Int?, String)])
    func answeredAtOnce(_ name: SettingName, _ value: Int?, _ message: String) {
        var world = world()
        let before = world.ups.settings
        world.perform(set(name, value))
        #expect(result(&world)?.message.text == message)
        #expect(world.ups.settings == before)
    }

    @Test func onlyThroughTheControlSocketAndOneAtATime() {
        var world = world()
        world.perform(set(.restartDelay, 30, from: .mqtt))
        #expect(result(&world)?.isAccepted == false)
        world.perform(set(.restartDelay, 30, id: "a"))
        world.perform(set(.minimumCharge, 30))
        #expect(
            result(&world, ticket: 3)?.message == "Another setting is being changed.")
        world.perform(set(.restartDelay, 30, id: "a"))
        #expect(
            result(&world, ticket: 4)?.message.text.hasPrefix("restartDelay of the UPS") == true)
    }

    @Test func notInAnOutage() {
        var world = world()
        world.perform(.power(false))
        world.run(until: world.now + .seconds(1))
        world.perform(set(.restartDelay, 30))
        #expect(result(&world)?.message == "There is an outage.")
    }

    /// Whether the write was heard cannot be known: what the UPS says afterwards counts.
    @Test(arguments: [.mute, .garbage, .truncated, .wrongIndex] as [Fault])
    func aLostAnswerToTheWrite(_ fault: Fault) {
        var world = world()
        world.perform(.fault(fault, count: 1, on: .restartDelay))
        world.perform(set(.restartDelay, 30))
        #expect(result(&world)?.isAccepted == true)
        #expect(known(world, .restartDelay) == 30)
    }

    @Test func aRefusedWrite() {
        var world = world()
        world.perform(.fault(.unsupported, count: 1, on: .restartDelay))
        world.perform(set(.restartDelay, 30))
        #expect(result(&world) == .refused("The UPS does not accept this change."))
    }

    @Test func noAnswerAtAll() {
        var world = world()
        world.perform(set(.restartDelay, 30))
        // The status goes first; the write is on its way, and its answer is not there.
        world.run(until: world.now + .milliseconds(9))
        world.perform(.unplug)
        #expect(
            result(&world) == .refused("The link was lost. The setting may have been changed."))
        world.perform(.plug)
        world.run(until: world.now + .seconds(3))
        #expect(world.watch.settings.count == SettingName.allCases.count)
    }

    /// A UPS that says yes and keeps what it had.
    @Test func aWriteThatHasNoEffect() {
        var world = world()
        world.ups.keepsSettings = true
        world.perform(set(.restartDelay, 30))
        #expect(
            result(&world) == .refused("The UPS did not take it: restartDelay is off."))
        #expect(world.events.allSatisfy { $0.name != .warning })
    }
}
