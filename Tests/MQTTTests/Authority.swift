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
        _ = folder.write("index", "")
        _ = folder.write("ca.cnf", settings)
    }

    /// Of `openssl ca`, which alone can date back.
    private var settings: String {
        """
        [ca]
        default_ca = authority
        [authority]
        database = \(folder.path)/index
        new_certs_dir = \(folder.path)
        rand_serial = yes
        unique_subject = no
        default_md = sha256
        policy = any
        [any]
        commonName = supplied

        """
    }

    /// The certificate and its key. `names` as in `IP:127.0.0.1`.
    func issue(
        _ name: String, for names: String = "IP:127.0.0.1", isExpired: Bool = false
    ) -> (certificate: String, key: String) {
        let base = "\(folder.path)/\(name)"
        let extensions = folder.write("\(name).ext", "subjectAltName=\(names)\n")
        Authority.openssl(
            ["req", "-subj", "/CN=\(name)"] + Authority.key
                + ["-keyout", "\(base).key", "-out", "\(base).csr"])
        let validity =
            isExpired
            ? ["-startdate", "20200101000000Z", "-enddate", "20200102000000Z"] : ["-days", "2"]
        Authority.openssl(
            [
                "ca", "-batch", "-notext", "-config", "\(folder.path)/ca.cnf", "-cert", file,
                "-keyfile", "\(folder.path)/ca.key", "-in", "\(base).csr",
                "-extfile", extensions, "-out", "\(base).pem",
            ] + validity)
        return ("\(base).pem", "\(base).key")
    }

    /// The authority's certificate and its list of those that it has taken back, in one file.
    func withRevocations(of certificates: [String]) -> String {
        let common = [
            "-config", "\(folder.path)/ca.cnf", "-cert", file, "-keyfile", "\(folder.path)/ca.key",
        ]
        for certificate in certificates {
            Authority.openssl(["ca", "-revoke", certificate] + common)
        }
        let list = "\(folder.path)/revoked.pem"
        Authority.openssl(["ca", "-gencrl", "-crldays", "2", "-out", list] + common)
        let both = "\(folder.path)/ca-and-revoked.pem"
        Program("/bin/sh", ["-c", "cat \(file) \(list) > \(both)"]).wait()
        return both
    }

    private static let key = [
        "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
    ]

    private static func openssl(_ arguments: [String]) {
        let program = Program("/usr/bin/openssl", arguments)
        precondition(program.wait() == 0, program.text)
    }
}
