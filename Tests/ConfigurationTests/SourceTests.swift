// What is no configuration at all: syntax, files, and what libconfig would get wrong in silence.

import Configuration
internal import Glibc
import Testing

private let tooLarge = "allowed: integers of 32 bits, and of 64 bits with an L behind them"
private let syntax = "allowed: settings like name = value; and groups like name = { … };"

private let refusals = [
    Refusal("server = {\n\n  port = 1; -\n};", "3: syntax error, \(syntax)"),
    Refusal(
        "server = {\n port = 1;\n port = 2;\n};",
        "3: duplicate setting name, allowed: each name once in its group"),
    Refusal(
        "a = [1, \"b\"];",
        "1: mismatched element type in array, allowed: [ … ] of one type, or a list ( … )"),
    Refusal("\nserver = { port = 4294977320; };", "2: 4294977320 is too large, \(tooLarge)"),
    Refusal("server = { user = 4294967295; };", "1: 4294967295 is too large, \(tooLarge)"),
    Refusal("server = { user = 0xFFFFFFFF; };", "1: 0xFFFFFFFF is too large, \(tooLarge)"),
    Refusal(
        "a = 9223372036854775808L;", "1: 9223372036854775808 is too large, \(tooLarge)"),
    Refusal("a = -2147483649;", "1: -2147483649 is too large, \(tooLarge)"),
    Refusal("a = 1;\n/* b\n = 2;", "2: a comment /* without its end, allowed: /* comment */"),
    Refusal("a = 1;\nb = \"c\n;\n", #"2: a text without its end, allowed: "text""#),
    Refusal("a = 1;\n\0", "2: a NUL byte, allowed: text"),
    Refusal("a = ((((((((1))))))));", "1: groups and lists inside each other, allowed: 8 levels"),
]

@Test(arguments: refusals)
func aWrongTextIsAnErrorWithItsLine(_ refusal: Refusal) {
    #expect(ConfigurationTests.refusal(of: refusal.text) == "x.cfg:\(refusal.error)")
}

@Test func aTextOverTheLimitIsRefused() {
    let limit = 256 * 1024
    #expect(refusal(of: String(repeating: "\n", count: limit)) == "accepted")
    #expect(
        refusal(of: String(repeating: "\n", count: limit + 1))
            == "x.cfg: the file is too large, allowed: 262144 bytes")
    let deep = String(repeating: "(", count: 100_000)
    #expect(refusal(of: "a = " + deep) == "x.cfg:1: memory exhausted, \(syntax)")
}

// MARK: Files

private func failure(reading path: String) -> String {
    do {
        _ = try Configuration.read(path: path)
        return "accepted"
    } catch {
        return error.description
    }
}

@Test func aFileThatCannotBeReadIsOneLine() {
    let folder = Folder()
    let missing = "\(folder.path)/missing"
    let pipe = "\(folder.path)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(failure(reading: missing) == "\(missing): cannot be read: No such file or directory")
    #expect(
        failure(reading: folder.path) == "\(folder.path): cannot be read: it is not a regular file")
    #expect(failure(reading: pipe) == "\(pipe): cannot be read: it is not a regular file")
    #expect(failure(reading: "/dev/zero") == "/dev/zero: cannot be read: it is not a regular file")
    let large = folder.file("large", [UInt8](repeating: 10, count: 256 * 1024 + 1))
    #expect(failure(reading: large) == "\(large): the file is too large, allowed: 262144 bytes")
}

@Test func bytesThatAreNotUTF8AreRefusedInAValueAlone() throws {
    let folder = Folder()
    let latin = Array("# f".utf8) + [0xFC] + Array("r\nups = { name = \"k".utf8)
    let good = folder.file("good", latin + Array("\"; };".utf8))
    #expect(try Configuration.read(path: good).configuration.rating.name == "k")
    let bad = folder.file("bad", latin + [0xFC] + Array("\"; };".utf8))
    #expect(
        failure(reading: bad)
            == "\(bad):2: ups.name is \"k?\", which is not UTF-8, allowed: text, 0 to 64 bytes")
}

@Test func includedFilesCountAndAreNamed() throws {
    let folder = Folder()
    let inner = folder.file("inner", "server = {\n  prot = 1;\n  port = 81;\n};\n")
    let outer = folder.file("outer", "ups = { };\n  @include \"\(inner)\"\nmqtt = { };\n")
    let parsed = try Configuration.read(path: outer)
    let (configuration, warnings) = (parsed.configuration, parsed.warnings)
    #expect(configuration.server.port == 81)
    #expect(configuration.broker != nil)
    #expect(
        warnings.map(\.description) == [
            "\(inner):2: unknown key server.prot, the nearest known one is server.port"
        ])
    _ = folder.file("inner", "server = {\n  port = 0;\n};\n")
    #expect(
        failure(reading: outer)
            == "\(inner):2: server.port is 0, allowed: an integer from 1 to 65535")
    _ = folder.file("inner", "server = {\n  port = ;\n};\n")
    #expect(
        failure(reading: outer)
            == "\(inner):2: syntax error: a value is missing, name = value;")
    _ = folder.file("inner", "a = 4294977320;")
    #expect(failure(reading: outer) == "\(inner):1: 4294977320 is too large, \(tooLarge)")
}

@Test(arguments: ["/missing", "", "/pipe"])
func anIncludeThatCannotBeReadIsAnError(_ name: String) {
    let folder = Folder()
    #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
    let included = folder.path + name
    let outer = folder.file("outer", "\n@include \"\(included)\"\n")
    let reason = name == "/missing" ? "No such file or directory" : "it is not a regular file"
    let shown = "\"\(included)\" cannot be read: \(reason)"
    #expect(failure(reading: outer) == "\(outer):2: \(shown)")
}

@Test func includesHaveALimit() {
    let folder = Folder()
    let path = folder.file("self", "")
    let allowed = "too many included files, allowed: 100, at most 10 inside each other"
    _ = folder.file("self", "@include \"\(path)\"\n")
    #expect(failure(reading: path) == "\(path):1: \(allowed)")
    let empty = folder.file("empty", "")
    _ = folder.file("self", String(repeating: "@include \"\(empty)\"\n", count: 101))
    #expect(failure(reading: path) == "\(path):101: \(allowed)")
    _ = folder.file("self", String(repeating: "@include \"\(empty)\"\n", count: 100))
    #expect(failure(reading: path) == "accepted")
}
