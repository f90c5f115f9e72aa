// A thread of its own, for everything that may wait beside the deciding loop. Never joined: a
// thread that is stuck in the kernel must not hold up the end of the process.

import CSystem
import Glibc

public enum PlainThread {
    private final class Start: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// Starts a thread with every signal blocked: signals are the main thread's. Nil: a stack as the
    /// C library makes it, for threads on which other libraries work.
    public static func start(
        _ name: String, stackSize: Int? = 512 * 1024, body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        if let stackSize { pthread_attr_setstacksize(&attributes, stackSize) }

        // The mask is inherited, so there is no moment at which the thread could take a signal.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }

        let start = Unmanaged.passRetained(
            Start {
                system_name_thread(name)
                body()
            })
        var thread = pthread_t()
        let code = pthread_create(&thread, &attributes, run, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw SystemError(code, "cannot start the thread \(name)")
        }
    }

    private static let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
        { pointer in
            if let pointer { Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue().run() }
            return nil
        }
}
