// Descriptors kept for the moment at which there are none left and a file has to be written all the
// same. Owned by the thread of the ShutdownRunner.

import Glibc
public import Platform

public struct SpareDescriptors {
    /// For a folder and a file in it, and for what other threads take first: at that moment the
    /// Recorder writes, the port takes a client, the link to the broker is made anew.
    private static let count = 8

    private var held: [CInt] = []

    public init() {
        fill()
    }

    /// Runs the body, and once more without the spare descriptors when it found none left.
    public mutating func use(_ body: () throws(SystemError) -> Void) throws(SystemError) {
        do throws(SystemError) {
            try body()
        } catch {
            guard error.code == EMFILE || error.code == ENFILE else { throw error }
            for descriptor in held { close(descriptor) }
            held = []
            defer { fill() }
            try body()
        }
    }

    private mutating func fill() {
        while held.count < SpareDescriptors.count {
            let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            held.append(descriptor)
        }
    }
}
