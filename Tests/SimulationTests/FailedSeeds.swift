// Seeds that have failed once, and what they found. They are played whatever else is asked for.

enum FailedSeeds {
    /// Of `brokenInvariant`.
    static let all: [UInt64] = [
        // Flapping starved the rules of charge and runtime.
        236, 9644, 11099, 18170,
        // A measurement or a setting was sent without a look at the power.
        81, 95, 167, 221,
        // The device's own limit, learnt late, moved the latest moment later.
        16466, 18037,
        // A request that was cancelled took the power failure behind it along.
        121, 229, 11777, 12465,
        // A host that already shut down got the next command after 5 s.
        209, 373,
        // The same command had a second effect.
        1226, 6917,
        // A reload acted on a running outage, or was lost.
        11, 31, 37, 73,
        // The request bit was not counted in every stage.
        57, 323, 2603, 5129,
        // That power is absent was heard, held back and lost.
        173, 1803, 3673,
        // A device that answers only its status had no readings.
        97, 109,
        // Disks not written out, a dropped commit not withdrawn, a restart that changed the state.
        99, 257, 385, 1302, 4097,
        // What was wrong in the first mends.
        5308, 8934, 11541, 12939, 14363, 28091, 1_037_280, 1_043_302, 1_077_847, 1_119_761,
        3_031_488, 3_080_853, 3_096_859, 2_004_542, 2_014_112, 2_019_534,
        1_795_955_840_003_609, 1_795_955_840_193_179, 1_795_955_840_212_132,
        1_795_958_019_068_922, 1_795_958_389_191_009,
        1_795_958_856_382_121,
        // An answer that was held back as a commit ended was taken for one that had had its effect.
        1_795_962_999_167_734,
        // A request that waited for the end of a commit was looked at by a reading without the bit.
        1_795_962_999_708_057,
        // Where nothing but the status is answered, the charge had its turn too seldom.
        1_795_968_849_962_429, 1_795_968_849_222_712,
        // The world forgot what was due after a stop, and what two spoilt answers may say.
        1_795_968_849_370_073, 1_795_968_849_795_145,
        // A charge from before a lost link was taken for a present one.
        1_795_970_741_444_145,
        // What came while a late device was left alone was not thrown away.
        1_795_995_404_010_097,
        // That power was absent came while the process was stopped, and nothing after it.
        1_796_010_092_965_016,
    ]

    /// Of `brokenChatter`: the same request.
    static let chatter: [UInt64] = [1_795_962_999_013_048]

    /// Of `brokenRepetition`: a command that a restart had lost, and a poll moved within flapping.
    static let repetition: [UInt64] = [1_795_962_999_015_976, 1_795_962_999_005_355]
}
