// What the Poller asks for and what it has found out. Read by the Watch.

public import UPS

extension Poller {
    public enum Step: Equatable, Sendable {
        case send(Request)
        case write(SettingChange)
    }

    public enum Outcome: Equatable, Sendable {
        case reply(Request, Reply)
        /// A valid status answer that may be a late one, and will not become a reading.
        case unproven(DeviceStatus)
        /// No valid answer in time: the input is to be drained.
        case missed(Request)
        /// The device does not know this request.
        case refused(Request)
        /// A whole answer that says what cannot be.
        case implausible(Request)
        /// The value behind this request is no longer known.
        case gone(Request)
        /// Every value that the device offers has been asked once more.
        case valuesFinished
    }

    /// It was told, and not only once where that is not enough.
    public func knows(_ request: Request) -> Bool { responses[Int(request.rawValue)].isKnown }

    public func wasTold(_ request: Request) -> Bool { responses[Int(request.rawValue)].told != nil }

    /// It was asked in vain.
    public func hasFailed(_ request: Request) -> Bool {
        responses[Int(request.rawValue)].failures > 0
    }

    /// The device has shown often enough that it does not tell this.
    public func hasGivenUp(_ request: Request) -> Bool {
        responses[Int(request.rawValue)].hasGivenUp
    }

    /// What was told a short time ago, for its kind, and was not given up since.
    public func stillKnown(at now: BootTime) -> [Request] {
        groups.flatMap { group in
            group.requests.filter {
                let response = responses[Int($0.rawValue)]
                guard let told = response.told, !response.isGone else { return false }
                return now - told < Poller.memory(of: group)
            }
        }
    }

    public var hasOutcomes: Bool { !outcomes.isEmpty }

    /// There is an outcome to take, or a request may be sent.
    public var hasNews: Bool { hasOutcomes || outstanding == nil }
}
