// Certificates for the TLS tests, made by openssl.

/// A certificate authority of its own.
final class Authority: Sendable {
    private let folder: Folder
    /// Its certificate: whom to trust.
    var file: String { "\(folder.path)/ca.pem" }

    init() {
        folder = Folder()
        Authority.openssl(
            ["req", "-x509", "-days", "2", "-subj", "/CN=authority"] + Authority.key
                + ["-keyout", "\(folder.path)/ca.key", "-out", "\(folder.path)/ca.pem"])
    }

    /// The certificate and its key. `names` as in `IP:127.0.0.1`; a negative `days` is long over.
    func issue(
        _ name: String, for names: String = "IP:127.0.0.1", days: Int = 2
    ) -> (certificate: String, key: String) {
        let base = "\(folder.path)/\(name)"
        let extensions = folder.write("\(name).ext", "subjectAltName=\(names)\n")
        Authority.openssl(
            ["req", "-subj", "/CN=\(name)"] + Authority.key
                + ["-keyout", "\(base).key", "-out", "\(base).csr"])
        Authority.openssl([
            "x509", "-req", "-in", "\(base).csr", "-CA", file, "-CAkey",
            "\(folder.path)/ca.key", "-CAcreateserial", "-days", "\(days)", "-extfile", extensions,
            "-out", "\(base).pem",
        ])
        return ("\(base).pem", "\(base).key")
    }

    private static let key = [
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    ]

    private static func openssl(_ arguments: [String]) {
        let program = Program("/usr/bin/openssl", arguments)
        precondition(program.wait() == 0, program.text)
    }
}
