// The port as a browser and a program with HTTP see it.

import Foundation
import Testing
import UPS

extension PortTests {
    @Suite(.serialized)
    struct HTTPTests {
        @Test func theDashboardIsServed() throws {
            let fixture = try Fixture(files: [
                "index.html": "<p>page", "app.js": "let a = 1", "sub/x.webmanifest": "{}",
                "icons/ok.svg": "<svg/>",
            ])
            let page = try fixture.get("/")
            #expect(page.status == 200)
            #expect(page.text == "<p>page")
            #expect(page.header("Content-Type") == "text/html; charset=utf-8")
            #expect(page.header("Cache-Control") == "no-cache")
            #expect(try fixture.get("/app.js").text == "let a = 1")
            let icon = try fixture.get("/icons/ok.svg")
            #expect(icon.header("Cache-Control") == "max-age=86400")
            let manifest = try fixture.get("/sub/x.webmanifest?version=2")
            #expect(manifest.header("Content-Type") == "application/manifest+json")
        }

        @Test func everyAnswerHasTheSecurityHeaders() throws {
            let fixture = try Fixture()
            for path in ["/", "/api/status", "/api/events", "/healthz", "/nothing"] {
                let reply = try fixture.get(path)
                #expect(
                    reply.header("Content-Security-Policy")?.hasPrefix("default-src 'none'; ")
                        == true)
                #expect(reply.header("X-Content-Type-Options") == "nosniff")
                #expect(reply.header("Referrer-Policy") == "no-referrer")
            }
            #expect(try fixture.get("/api/status").header("Cache-Control") == "no-store")
        }

        @Test func anUnchangedFileIsNotSentAgain() throws {
            let fixture = try Fixture()
            let tag = try #require(try fixture.get("/").header("ETag"))
            let again = try fixture.get("/", "If-None-Match: \(tag)")
            #expect(again.status == 304)
            #expect(again.header("ETag") == tag)
            #expect(again.body.isEmpty)
            #expect(try fixture.get("/", "If-None-Match: \"other\"").status == 200)
        }

        @Test func aFileIsPackedForWhoTakesThat() throws {
            let text = String(repeating: "let volts = 12.5;\n", count: 200)
            let fixture = try Fixture(files: ["index.html": "page", "app.js": text])
            let plain = try fixture.get("/app.js")
            #expect(plain.text == text)
            #expect(plain.header("Content-Encoding") == nil)
            #expect(plain.header("Vary") == "Accept-Encoding")
            let packed = try fixture.get("/app.js", "Accept-Encoding: gzip, deflate, br")
            #expect(packed.header("Content-Encoding") == "gzip")
            #expect(packed.body.starts(with: [0x1F, 0x8B]) && packed.body.count < 200)
            let tag = try #require(packed.header("ETag"))
            #expect(tag == plain.header("ETag"))
            let again = try fixture.get("/app.js", "If-None-Match: \(tag)", "Accept-Encoding: gzip")
            #expect(again.status == 304 && again.header("Content-Encoding") == nil)
            let page = try fixture.get("/", "Accept-Encoding: gzip")
            #expect(page.text == "page" && page.header("Vary") == nil)
        }

        @Test func theStatusObjectIsServedReadOnly() throws {
            let fixture = try Fixture()
            let reply = try fixture.get("/api/status")
            #expect(reply.status == 200)
            #expect(reply.header("Content-Type") == "application/json")
            #expect(reply.text.contains("\"status\":\"online\""))
            #expect(reply.text.contains("\"control\":false"))
        }

        @Test(arguments: [
            ("/api/events", 200), ("/api/events?limit=1", 200), ("/api/events?limit=1000", 200),
            ("/api/events?limit=0", 400), ("/api/events?limit=1001", 400),
            ("/api/events?limit=x", 400), ("/api/history", 200), ("/api/history?seconds=0", 400),
            ("/metrics", 200), ("/x", 404),
        ])
        func pathsHaveTheirStatus(path: String, status: Int) throws {
            #expect(try Fixture().get(path).status == status)
        }

        @Test func health() throws {
            #expect(try Fixture().get("/healthz").status == 200)
            #expect(try Fixture { $0.isTicking = { false } }.get("/healthz").status == 503)
        }

        @Test func headHasNoBody() throws {
            let fixture = try Fixture()
            let wire = try fixture.connect()
            wire.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
            let head = try Reply(from: wire, hasBody: false)
            wire.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(head.status == 200)
            #expect(head.header("Content-Length") == "15")
            #expect(try Reply(from: wire).text == "<!doctype html>")
        }

        @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
        func otherMethodsAreRefused(method: String) throws {
            let fixture = try Fixture()
            let body = "Content-Length: 6\r\n\r\nstatus"
            for path in ["/", "/api/status"] {
                let reply = try fixture.request(method, path, [body])
                #expect(reply.status == 405)
                #expect(reply.header("Allow") == "GET, HEAD")
                #expect(reply.header("Connection") == "close")
            }
        }

        @Test(arguments: ["Content-Length: 4\r\n\r\nbody", "Transfer-Encoding: chunked\r\n\r\n0"])
        func bodiesAreRefused(body: String) throws {
            #expect(try Fixture().request("GET", "/", [body]).status == 413)
        }

        @Test(arguments: [
            "/../secret", "/%2e%2e/secret", "/..%2fsecret", "/sub/../../secret", "//secret",
            "/%2e%2e%2fsecret", "/out", "/outside/secret", "/.hidden", "/sub", "/etc/passwd",
        ])
        func nothingOutsideIsServed(path: String) throws {
            let outside = Folder(["secret": "secret"])
            let fixture = try Fixture(files: ["index.html": "page", ".hidden": "secret"])
            let folder = Folder(["index.html": "page", "sub/a.txt": "a", ".hidden": "secret"])
            folder.link("out", to: outside.path + "/secret")
            folder.link("outside", to: outside.path)
            let served = try Fixture { $0.www = folder.path }
            for fixture in [fixture, served] {
                let wire = try fixture.connect()
                wire.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                guard !wire.isClosed else { continue }
                let reply = try Reply(from: wire)
                #expect(!reply.text.contains("secret"))
                #expect(reply.status == 404 || reply.status == 400 || reply.status == 403)
            }
        }

        @Test func aMissingFolderIsToldAndTheRestWorks() throws {
            let fixture = try Fixture { $0.www = "/nonexistent" }
            #expect(fixture.server.warnings == ["there is no dashboard: no folder /nonexistent"])
            let page = try fixture.get("/")
            #expect(page.status == 404)
            #expect(page.text == "The dashboard is not installed.\n")
            #expect(try fixture.get("/api/status").status == 200)
        }

        @Test func longHeadersEndOnlyTheirOwnConnection() throws {
            let fixture = try Fixture()
            let long = String(repeating: "x", count: 20_000)
            for text in [
                "GET /\(long) HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nA: \(long)\r\n\r\n",
            ] {
                let wire = try fixture.connect()
                wire.send(text)
                if !wire.isClosed, let reply = try? Reply(from: wire) { #expect(reply.status != 0) }
            }
            #expect(try fixture.get("/").status == 200)
        }

        @Test func aLargeFileArrivesWholeAndASlowReaderHoldsUpNobody() throws {
            let large = String(repeating: "0123456789abcdef", count: 200_000)
            let fixture = try Fixture(files: ["index.html": "page", "large.txt": large])
            let slow = try fixture.connect(receiveBuffer: 4096)
            slow.send("GET /large.txt HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try fixture.get("/large.txt").body == Array(large.utf8))
            #expect(try Reply(from: slow).body == Array(large.utf8))
        }

        @Test func aConnectionServesManyRequests() throws {
            let fixture = try Fixture()
            let wire = try fixture.connect()
            let request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
            for _ in 0..<4 {
                wire.send(request)
                #expect(try Reply(from: wire).status == 200)
            }
        }

        /// It may be the body of the one before, see HTTPConnection.
        @Test func aRequestThatDoesNotWaitForTheAnswerBeforeIsNotAnswered() throws {
            let fixture = try Fixture()
            let hidden = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
            for line in ["", "X-A: b\nContent-Length: 39\r\n", "X-A: b\r\n Content-Length: 39\r\n"]
            {
                let wire = try fixture.connect()
                wire.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\(line)\r\n\(hidden)")
                #expect(try Reply(from: wire).status == 200)
                #expect(wire.isClosed)
            }
        }

        @Test(arguments: [
            "Host: y", "Content-Length : 4", "Content-Length\t: 4", "Transfer-Encoding : chunked",
        ])
        func whatCanBeReadInTwoWaysIsRefused(line: String) throws {
            let fixture = try Fixture()
            let wire = try fixture.connect()
            wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\(line)\r\n\r\n")
            #expect(try Reply(from: wire).status == 400)
            #expect(wire.isClosed)
        }

        /// On a kept connection libwebsockets 4.1.6 would answer it twice, see HTTPConnection.
        @Test(arguments: ["other", "raw-skt", "websocket, other", "h2c, websocket", "TLS/1.0"])
        func anUnknownUpgradeIsAnsweredOnceAndEndsTheConnection(name: String) throws {
            let fixture = try Fixture()
            for before in 0..<3 {
                let wire = try fixture.connect()
                for _ in 0..<before {
                    wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(try Reply(from: wire).status == 200)
                }
                let upgrade = "Connection: Upgrade\r\nUpgrade: \(name)"
                wire.send("GET /api/status HTTP/1.1\r\nHost: x\r\n\(upgrade)\r\n\r\n")
                let answers = wire.takeRest().components(separatedBy: "HTTP/1.").dropFirst()
                #expect(answers.map { $0.dropFirst(2).prefix(3) } == ["403"], "after \(before)")
                #expect(wire.isClosed)
            }
        }

        @Test func anOfferOfHTTP2IsPassedOver() throws {
            let fixture = try Fixture()
            let offer = [
                "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk",
            ]
            let reply = try fixture.request("GET", "/api/status", offer)
            #expect(reply.status == 200)
            #expect(reply.text.contains("\"status\":\"online\""))
        }
    }
}
