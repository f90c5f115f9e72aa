// Every fault as it is on the wire, and that none of them passes for an answer.

import Testing

@testable import Bicker
@testable import Simulator
@testable import UPS

@Suite struct FaultTests {
    private func spoilt(_ fault: Fault, seed: UInt64 = 1) -> [UInt8] {
        var asking = Asking(seed: seed)
        asking.ups.setFault(fault, count: 1)
        return asking.bytes(.deviceStatus)
    }

    private var good: [UInt8] {
        var asking = Asking()
        return asking.bytes(.deviceStatus)
    }

    @Test func onTheWire() {
        #expect(spoilt(.mute) == [])
        #expect(spoilt(.garbage).count == good.count)
        #expect(spoilt(.garbage) != good)
        #expect(good.starts(with: spoilt(.truncated)))
        #expect((good.count - 3..<good.count).contains(spoilt(.truncated).count))
        #expect(spoilt(.wrongIndex)[2] == good[2] ^ 0x40)
        #expect(spoilt(.wrongLength)[1] == good[1] - 1)
        #expect(spoilt(.wrongLength).count == good.count - 1)
        #expect(spoilt(.badSize)[1] <= 2)
        #expect(spoilt(.unsupported) == [0x01, 0x03, 0xEE, 0x07, 0x04])
        #expect(spoilt(.slow) == good)
        #expect(spoilt(.duplicate) == good + good)
        #expect(Array(spoilt(.noise).dropFirst(3)) == good)
    }

    @Test func slowComesAfterTheLongestTimeOut() {
        var asking = Asking()
        asking.ups.setFault(.slow, count: 1)
        let deliveries = asking.ups.receive(Request.charge.frame.bytes, at: asking.now)
        #expect(deliveries.first?.time == asking.now + Fault.lateness)
        #expect(Fault.lateness > PollIntervals().timeout)
    }

    /// A wrong bit may pass for an answer: nothing checks it.
    private static let noticed = Fault.allCases.filter { $0 != .bit }

    /// A hundred seeds each: what is spoilt is no answer, what is only late or doubled is one.
    @Test(arguments: noticed)
    func acceptedOnlyWhereWhole(fault: Fault) {
        let isWhole = [.slow, .duplicate, .noise].contains(fault)
        for seed in 0..<100 as Range<UInt64> {
            var decoder = FrameDecoder()
            decoder.append(spoilt(fault, seed: seed))
            var replies: [Reply] = []
            while let frame = decoder.next() {
                if let reply = try? Reply(frame, to: .deviceStatus) { replies.append(reply) }
            }
            #expect(replies.isEmpty == !isWhole)
        }
    }

    @Test func lastsAsManyAnswersAsAsked() {
        var asking = Asking()
        asking.ups.setFault(.mute, count: 3)
        for _ in 0..<3 { #expect(asking.bytes(.charge) == []) }
        #expect(asking.reply(.charge)?.percent == 100)
        asking.ups.setFault(.mute, count: 100)
        asking.ups.setFault(.mute, count: 0)
        #expect(asking.reply(.charge)?.percent == 100)
    }

    @Test func aSeedRepeatsEverything() {
        #expect(spoilt(.garbage, seed: 7) == spoilt(.garbage, seed: 7))
        #expect(spoilt(.garbage, seed: 7) != spoilt(.garbage, seed: 8))
    }
}
