// Events wait for their acknowledgement, in order and within a limit.

import Testing

@testable import Report
@testable import UPS

struct MQTTEventQueueTests {
    private func log(_ numbers: ClosedRange<UInt64>) -> EventLog {
        var log = EventLog()
        for number in numbers {
            log.append(Event(number: number, name: .warning, time: BootTime(.zero), text: "w"))
        }
        return log
    }

    private func drain(_ queue: inout MQTTEventQueue) -> [UInt64] {
        var numbers: [UInt64] = []
        while let event = queue.next() { numbers.append(event.number) }
        return numbers
    }

    @Test func inOrderAndOnceEach() {
        var queue = MQTTEventQueue()
        #expect(queue.isEmpty && queue.delivered == 0)
        queue.take(from: log(1...3))
        queue.take(from: log(1...5))
        #expect(drain(&queue) == [1, 2, 3, 4, 5])
        #expect(queue.next() == nil && !queue.isEmpty)
        for number: UInt64 in 1...5 { queue.acknowledge(number) }
        #expect(queue.isEmpty && queue.delivered == 5)
        queue.take(from: log(1...6))
        #expect(drain(&queue) == [6])
    }

    @Test func aNewConnectionSendsAgainWhatWasNotAcknowledged() {
        var queue = MQTTEventQueue()
        queue.take(from: log(1...5))
        _ = drain(&queue)
        for number: UInt64 in [1, 3, 99] { queue.acknowledge(number) }
        #expect(queue.delivered == 1)
        queue.rewind()
        queue.acknowledge(2)
        #expect(drain(&queue) == [2, 4, 5])
    }

    @Test func startsBehindWhatAnotherHasDelivered() {
        var queue = MQTTEventQueue(after: 3)
        #expect(queue.delivered == 3)
        queue.take(from: log(1...5))
        #expect(drain(&queue) == [4, 5])
    }

    @Test func theOldestGoAndAreCounted() {
        var queue = MQTTEventQueue()
        queue.take(from: log(1...600))
        #expect(queue.next()?.number == 1)
        queue.take(from: log(601...1200))
        #expect(queue.takeLost() == 200)
        #expect(queue.takeLost() == 0)
        #expect(drain(&queue) == Array(201...1200))
        #expect(queue.delivered == 200)
    }

    @Test func aGapInTheLogIsCounted() {
        var queue = MQTTEventQueue()
        queue.take(from: log(1...2))
        queue.take(from: log(6...7))
        #expect(queue.takeLost() == 3)
        #expect(drain(&queue) == [1, 2, 6, 7])
    }

    @Test func json() {
        let snapshot = mqttSnapshot()
        var event = Event(
            number: 1, name: .powerFail, time: snapshot.time - .seconds(60),
            incident: IncidentID(boot: mqttBoot, number: 4), text: "Power \"failed\"",
            reading: snapshot.reading)
        #expect(
            MQTTEvent.json(event, in: snapshot)
                == #"{"time":"2026-11-22T14:59:00Z","event":"power_fail","#
                + #""incident":"1f0c8b52-4","text":"Power \"failed\"","#
                + #""values":{"charge":100,"batteryVoltage":10.4,"inputVoltage":12.59}}"#)
        event = Event(number: 1, name: .linkLost, time: snapshot.time, text: "Away")
        #expect(
            MQTTEvent.json(event, in: snapshot)
                == #"{"time":"2026-11-22T15:00:00Z","event":"link_lost","incident":null,"#
                + #""text":"Away","#
                + #""values":{"charge":null,"batteryVoltage":null,"inputVoltage":null}}"#)
    }
}
