// The token of `webCommands = "token"`: compared in a time that does not tell how much of it was
// right, and only so often for the same peer. Asked by WebContext; does no I/O.

internal import UPS

struct TokenGuard {
    enum Verdict: Equatable {
        case right
        case wrong
        /// Too many wrong ones lately: not even compared.
        case tooMany
    }

    static let wrongOnes = 5
    static let period = Duration.seconds(60)
    /// Peers remembered; beyond these the one that was wrong longest ago is forgotten.
    static let capacity = 256

    struct Attempts {
        var wrong: [BootTime] = []
        var refusedUntil: BootTime?
    }

    private let token: [UInt8]
    private(set) var attempts: [UInt64: Attempts] = [:]

    init(_ token: String) {
        self.token = Array(token.utf8)
    }

    mutating func check(_ given: String, of peer: Peer, at now: BootTime) -> Verdict {
        var known = attempts[peer.key] ?? Attempts()
        if let until = known.refusedUntil {
            guard now >= until else { return .tooMany }
            known = Attempts()
        }
        let isRight = isEqual(Array(given.utf8))
        if !isRight {
            known.wrong.removeAll { now - $0 >= TokenGuard.period }
            known.wrong.append(now)
            if known.wrong.count >= TokenGuard.wrongOnes {
                known.refusedUntil = now + TokenGuard.period
            }
        }
        remember(known, of: peer)
        return isRight ? .right : .wrong
    }

    private mutating func remember(_ known: Attempts, of peer: Peer) {
        guard !known.wrong.isEmpty else {
            attempts[peer.key] = nil
            return
        }
        if attempts.count >= TokenGuard.capacity, attempts[peer.key] == nil {
            let oldest = attempts.min { latest($0.value) < latest($1.value) }
            if let oldest { attempts[oldest.key] = nil }
        }
        attempts[peer.key] = known
    }

    private func latest(_ attempts: Attempts) -> BootTime {
        attempts.wrong.last ?? BootTime(.zero)
    }

    private func isEqual(_ given: [UInt8]) -> Bool {
        var difference: UInt8 = given.count == token.count ? 0 : 1
        for (index, byte) in token.enumerated() {
            difference |= byte ^ (index < given.count ? given[index] : 0)
        }
        return difference == 0 && !token.isEmpty
    }
}
