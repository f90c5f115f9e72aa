// TLS to a real broker, and every way in which it can fail: told once, clearly, and tried again.

import Glibc
import Testing

@testable import MQTT
@testable import UPS

struct TLSTests {
    private let monitor = FakeMonitor()
    private let authority = Authority()

    private func broker(
        _ issued: (certificate: String, key: String), _ options: String...
    ) -> Broker {
        Broker(
            [
                "allow_anonymous true", "certfile \(issued.certificate)",
                "keyfile \(issued.key)",
            ] + options)
    }

    /// What the first failure says.
    private func complaint(
        _ broker: Broker, host: String = "127.0.0.1",
        _ adjust: (inout Publisher.TLS) -> Void = { _ in }
    ) -> String {
        let publisher = connect(broker, host: host, adjust)
        defer { publisher.stop(within: .seconds(1)) }
        let start = "broker_lost: No connection to the MQTT broker \(host):\(broker.port): "
        let isTold = eventually { monitor.notes.first?.hasPrefix(start) == true }
        guard isTold else { return "\(monitor.notes)" }
        return String(monitor.notes[0].dropFirst(start.count))
    }

    private func connect(
        _ broker: Broker, host: String = "127.0.0.1",
        _ adjust: (inout Publisher.TLS) -> Void = { _ in }
    ) -> Publisher {
        var tls = Publisher.TLS(caFile: authority.file)
        adjust(&tls)
        return monitor.publisher(port: broker.port) {
            $0.host = host
            $0.tls = tls
        }
    }

    private func isConnected() -> Bool {
        eventually { monitor.notes.last?.hasPrefix("broker_restored: ") == true }
    }

    @Test func everythingGoesThrough() {
        let broker = broker(authority.issue("broker"))
        let publisher = connect(broker)
        #expect(isConnected())
        monitor.announce(300)
        #expect(eventually { publisher.delivered == 300 })
        publisher.stop(within: .seconds(1))
    }

    // MARK: The broker's certificate

    @Test func anotherName() {
        let broker = broker(authority.issue("broker", for: "DNS:elsewhere.example"))
        #expect(complaint(broker) == "TLS: the broker's certificate is not for 127.0.0.1")
    }

    @Test func anotherNameThatDoesNotMatter() {
        let broker = broker(authority.issue("broker", for: "DNS:elsewhere.example"))
        let publisher = connect(broker) { $0.isInsecure = true }
        #expect(isConnected())
        publisher.stop(within: .seconds(1))
    }

    @Test func revoked() {
        let issued = authority.issue("broker")
        let file = authority.withRevocations(of: [issued.certificate])
        #expect(
            complaint(broker(issued)) { $0.caFile = file }
                == "TLS: the broker's certificate is not accepted: certificate revoked")
    }

    @Test func notAmongTheRevoked() {
        let revoked = authority.issue("revoked").certificate
        let file = authority.withRevocations(of: [revoked])
        let broker = broker(authority.issue("broker"))
        let publisher = connect(broker) { $0.caFile = file }
        #expect(isConnected())
        publisher.stop(within: .seconds(1))
    }

    @Test func expired() {
        #expect(
            complaint(broker(authority.issue("broker", isExpired: true)))
                == "TLS: the broker's certificate is not accepted: certificate has expired")
    }

    @Test func signedBySomebodyElse() {
        let other = Authority()
        #expect(
            complaint(broker(other.issue("broker")))
                == "TLS: the broker's certificate is not accepted: "
                + "unable to get local issuer certificate")
        withExtendedLifetime(other) {}
    }

    // MARK: Our side

    @Test func theClientsCertificate() {
        let broker = broker(
            authority.issue("broker"), "cafile \(authority.file)", "require_certificate true",
            "use_identity_as_username true")
        let client = authority.issue("client")
        let publisher = connect(broker) {
            ($0.certFile, $0.keyFile) = (client.certificate, client.key)
        }
        #expect(isConnected())
        publisher.stop(within: .seconds(1))
    }

    /// With TLS 1.3 the broker says no when our side believes that all is well, and what we send
    /// then may drown its reason.
    @Test func noCertificateWhereOneIsWanted() {
        let broker = broker(
            authority.issue("broker"), "cafile \(authority.file)", "require_certificate true")
        let unanswered = "The broker closed the connection without an answer"
        let texts = [
            "TLS: the broker refuses: certificate required",
            "\(unanswered) (does it want a client certificate?)",
        ]
        #expect(texts.contains(complaint(broker)), "\(monitor.notes)")
    }

    @Test func aCertificateThatTheBrokerDoesNotTrust() {
        let broker = broker(
            authority.issue("broker"), "cafile \(authority.file)", "require_certificate true")
        let other = Authority()
        let client = other.issue("client")
        let text = complaint(broker) {
            ($0.certFile, $0.keyFile) = (client.certificate, client.key)
        }
        let unanswered = "The broker closed the connection without an answer"
        let texts = [
            "TLS: the broker refuses: unknown CA", "\(unanswered) (does it trust our certificate?)",
        ]
        #expect(texts.contains(text), "\(text)")
        withExtendedLifetime(other) {}
    }

    @Test func aKeyThatDoesNotBelongToTheCertificate() {
        let broker = broker(authority.issue("broker"))
        let (one, other) = (authority.issue("one"), authority.issue("other"))
        let text = complaint(broker) { ($0.certFile, $0.keyFile) = (one.certificate, other.key) }
        #expect(text == "mqtt.tls.keyFile \(other.key): key values mismatch")
    }

    @Test(arguments: ["caFile", "certFile", "keyFile"])
    func aFileThatIsNotThere(key: String) {
        let client = authority.issue("client")
        let text = complaint(broker(authority.issue("broker"))) {
            ($0.certFile, $0.keyFile) = (client.certificate, client.key)
            switch key {
            case "caFile": $0.caFile = "/nowhere"
            case "certFile": $0.certFile = "/nowhere"
            default: $0.keyFile = "/nowhere"
            }
        }
        #expect(text == "mqtt.tls.\(key) /nowhere: No such file or directory")
    }

    @Test func aFileThatIsNoCertificate() {
        let folder = Folder()
        let file = folder.write("ca.pem", "nonsense")
        let text = complaint(broker(authority.issue("broker"))) { $0.caFile = file }
        #expect(text == "mqtt.tls.caFile \(file): no certificate or crl found")
    }

    // MARK: Misunderstandings

    @Test func tlsWhereThereIsNone() {
        #expect(
            complaint(Broker()) == "TLS: no handshake (does the broker speak TLS on this port?)")
    }

    @Test func noneWhereThereIsTLS() {
        let broker = broker(authority.issue("broker"))
        let publisher = monitor.publisher(port: broker.port)
        defer { publisher.stop(within: .seconds(1)) }
        #expect(
            eventually {
                monitor.notes.first?.hasSuffix(
                    ": The broker closed the connection without an answer (does it want TLS?)")
                    == true
            })
    }

    /// Nobody has to start the daemon again when the certificate was renewed.
    @Test func itGoesOnTrying() {
        let folder = Folder()
        func install(_ issued: (certificate: String, key: String)) {
            Program("/bin/cp", [issued.certificate, "\(folder.path)/now.pem"]).wait()
            Program("/bin/cp", [issued.key, "\(folder.path)/now.key"]).wait()
        }
        install(authority.issue("old", isExpired: true))
        let broker = broker(("\(folder.path)/now.pem", "\(folder.path)/now.key"))
        let publisher = connect(broker)
        defer { publisher.stop(within: .seconds(1)) }
        #expect(eventually { monitor.notes.first?.hasSuffix("certificate has expired") == true })
        broker.stop()
        install(authority.issue("new"))
        broker.start()
        #expect(
            eventually(.seconds(15)) { monitor.notes.last?.hasPrefix("broker_restored: ") == true })
        #expect(monitor.notes.count <= 3)
    }
}
