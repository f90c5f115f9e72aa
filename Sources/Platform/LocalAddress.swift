// The address of a local socket (unix(7)). Used by the control socket and for what systemd is told.

public import Glibc

public struct LocalAddress: Sendable {
    /// Of a path, in bytes.
    public static let longest = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    private var address = sockaddr_un()
    private let length: socklen_t

    /// Of a path, or of a name in the abstract space, which begins with a NUL. Nil: it is empty or
    /// too long.
    public init?(_ path: some Collection<UInt8>) {
        guard let first = path.first, path.count <= LocalAddress.longest else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        length = socklen_t(start + path.count + (first == 0 ? 0 : 1))
    }

    /// As `bind`, `connect` and `sendto` want it.
    public func withPointer<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafeBytes(of: address) {
            body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), length)
        }
    }
}
