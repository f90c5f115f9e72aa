// Frames and the decoder: a stream may be cut, shifted or spoilt anywhere.

import Testing

@testable import Bicker
@testable import UPS

@Suite struct FrameTests {
    @Test(
        arguments: [
            (Frame(index: 0x01, command: 0x41), [0x01, 0x03, 0x01, 0x41, 0x04]),
            (Frame(index: 0x03, command: 0x32, payload: [60]), [0x01, 0x04, 0x03, 0x32, 60, 0x04]),
            (Frame(index: 0x01, command: 0x41, payload: [0x01, 0x04]), [1, 5, 1, 0x41, 1, 4, 4]),
            (Frame.unsupported, [0x01, 0x03, 0xEE, 0x07, 0x04]),
        ] as [(Frame, [UInt8])])
    func bytes(frame: Frame, bytes: [UInt8]) {
        #expect(frame.bytes == bytes)
        #expect(frame.length == bytes.count)
    }

    @Test func longestPayloadFitsTheSizeByte() {
        let payload = [UInt8](repeating: 0x04, count: Frame.longestPayload)
        let frame = Frame(index: 1, command: 2, payload: payload)
        #expect(frame.bytes[1] == 255)
        #expect(frames(frame.bytes) == [frame])
    }

    private func frames(_ bytes: [UInt8]) -> [Frame] {
        var decoder = FrameDecoder()
        decoder.append(bytes)
        return decoder.all()
    }
}

extension FrameDecoder {
    /// Every whole frame there is.
    mutating func all(longestPayload: Int = Frame.longestPayload) -> [Frame] {
        var frames: [Frame] = []
        while let frame = next(longestPayload: longestPayload) { frames.append(frame) }
        return frames
    }
}

@Suite struct FrameDecoderTests {
    private static let frames = [
        Frame(index: 0x01, command: 0x40, payload: [0x0C]),
        Frame(index: 0x01, command: 0x41, payload: [0x01, 0x04]),
        Frame.unsupported,
        Frame(index: 0x01, command: 0x62, payload: [0x04, 0x01, 0x03, 0x01, 0x04]),
        Frame(index: 0x07, command: 0x02, payload: [2, 1, 0, 16, 14, 60, 0, 1, 60, 0]),
    ]

    private static let noise: [[UInt8]] = [
        [], [0x00], [0x04], [0xFF, 0x04, 0x37], [0x01, 0x02], [0x01, 0x01], [0x01, 0x00, 0x04],
    ]

    private static let stream: [UInt8] =
        zip(noise, frames).map { noise, frame in noise + frame.bytes }.reduce([], +) + [0x55]

    @Test(arguments: 0...stream.count)
    func cutAnywhere(position: Int) {
        var decoder = FrameDecoder()
        decoder.append(Array(FrameDecoderTests.stream[..<position]))
        var frames = decoder.all()
        decoder.append(Array(FrameDecoderTests.stream[position...]))
        frames += decoder.all()
        #expect(frames == FrameDecoderTests.frames)
    }

    @Test func byteByByte() {
        var decoder = FrameDecoder()
        var frames: [Frame] = []
        for byte in FrameDecoderTests.stream {
            decoder.append([byte])
            frames += decoder.all()
        }
        #expect(frames == FrameDecoderTests.frames)
        let noise = FrameDecoderTests.noise.prefix(FrameDecoderTests.frames.count)
        #expect(decoder.discardedBytes == noise.joined().count + 1)
    }

    /// A good frame is found behind any garbage, at the latest once what the garbage promised has
    /// come or was too much to believe.
    @Test(arguments: 0..<200)
    func garbage(seed: UInt64) {
        var random = Random(state: seed)
        var decoder = FrameDecoder()
        let good = Frame(index: 0x01, command: 0x40, payload: [0x0C])
        for _ in 0..<20 {
            let count = Int.random(in: 0...60, using: &random)
            decoder.append((0..<count).map { _ in UInt8.random(in: 0...9, using: &random) })
            _ = decoder.all(longestPayload: 10)
        }
        var found = 0
        for _ in 0..<12 {
            decoder.append(good.bytes)
            found += decoder.all(longestPayload: 10).filter { $0 == good }.count
        }
        #expect(found >= 8)
    }

    /// A stream of good frames that was joined in the middle.
    @Test(arguments: 1..<6)
    func shifted(by offset: Int) {
        let frame = Frame(index: 0x01, command: 0x40, payload: [0x0C])
        var decoder = FrameDecoder()
        decoder.append(Array(frame.bytes[offset...]) + frame.bytes + frame.bytes)
        #expect(decoder.all(longestPayload: 10) == [frame, frame])
        #expect(decoder.discardedBytes == frame.length - offset)
    }

    @Test func longerThanCanBeMeantIsNoise() {
        let long = Frame(index: 1, command: 1, payload: [UInt8](repeating: 7, count: 11))
        let good = Frame(index: 0x01, command: 0x40, payload: [0x0C])
        var decoder = FrameDecoder()
        decoder.append(long.bytes + good.bytes)
        #expect(decoder.all(longestPayload: 10) == [good])
        decoder.append(long.bytes)
        #expect(decoder.all(longestPayload: 11) == [long])
    }

    /// The start of the longest frame must not swallow the answer that follows.
    @Test func promiseOfALongFrameHidesNothing() {
        let good = Frame(index: 0x01, command: 0x40, payload: [0x0C])
        var decoder = FrameDecoder()
        decoder.append([0x01, 0xFF] + good.bytes)
        #expect(decoder.all(longestPayload: 10) == [good])
    }

    @Test func endMissing() {
        var bytes = Frame(index: 0x01, command: 0x40, payload: [0x0C]).bytes
        bytes[5] = 0x05
        let good = Frame(index: 0x01, command: 0x41, payload: [1, 2])
        var decoder = FrameDecoder()
        decoder.append(bytes + good.bytes)
        #expect(decoder.all(longestPayload: 10) == [good])
    }

    @Test func backlogIsBounded() {
        let good = Frame(index: 0x01, command: 0x40, payload: [0x0C])
        var decoder = FrameDecoder()
        let flood = [UInt8](repeating: 0x00, count: 5000)
        decoder.append(flood + good.bytes)
        #expect(decoder.discardedBytes == flood.count + good.length - FrameDecoder.longestBacklog)
        #expect(decoder.all() == [good])
        #expect(decoder.discardedBytes == flood.count)
    }

    @Test func resetForgetsTheBeginning() {
        let good = Frame(index: 0x01, command: 0x40, payload: [0x0C])
        var decoder = FrameDecoder()
        decoder.append(Array(good.bytes.prefix(3)))
        #expect(decoder.next() == nil)
        decoder.reset()
        decoder.append(Array(good.bytes.dropFirst(3)))
        #expect(decoder.next() == nil)
        decoder.append(good.bytes)
        #expect(decoder.all() == [good])
        #expect(decoder.discardedBytes == 6)
    }
}

/// SplitMix64, so that a test that fails fails again.
struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
