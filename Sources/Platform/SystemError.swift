// A failed system call, as a sentence. Thrown by what touches the system; asks it for nothing.

import Glibc

public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    public let code: Int32
    /// What could not be done: "cannot open FILE".
    let attempt: String

    /// The code comes first, so that `errno` is read before the sentence is put together.
    public init(_ code: Int32, _ attempt: String) {
        self.code = code
        self.attempt = attempt
    }

    public var description: String { "\(attempt): \(SystemError.text(of: code))" }

    public static func text(of code: Int32) -> String { String(cString: strerror(code)) }
}
