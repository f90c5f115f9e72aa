// The NIS status: one golden text, and in every state the rules of every known client.

import Testing
import UPS

@testable import Report

@Suite struct NISStatusTests {
    @Test func online() throws {
        let text = try NISClients.records(NISReport.status(State.online.snapshot)).joined()
        // The two blanks behind a date are part of it.
        #expect(text == goldenOnline.replacing("_\n", with: "  \n"))
    }

    @Test func linkLostOnBattery() throws {
        let text = try NISClients.records(NISReport.status(State.lostOnBattery.snapshot)).joined()
        #expect(text == goldenLost.replacing("_\n", with: "  \n"))
    }

    /// What is wrong, also with a UPS that has never answered; without it the key is not there.
    @Test(arguments: [State.online, .lostOnBattery]) func problem(state: State) throws {
        var snapshot = state.snapshot
        func told() throws -> [String] {
            try NISClients.records(NISReport.status(snapshot)).filter { $0.hasPrefix("PROBLEM") }
        }
        snapshot.problems = []
        #expect(try told() == [])
        snapshot.problems = [Message(.shortage, 25)]
        #expect(try told() == ["PROBLEM  : \(snapshot.problem!)\n"])
        snapshot.problems = Array(repeating: "ü", count: 200)
        #expect(try told().map(\.utf8.count).allSatisfy { (100...127).contains($0) })
    }

    @Test(arguments: State.allCases) func limits(_ state: State) throws {
        let answer = NISReport.status(state.snapshot)
        let records = try NISClients.records(answer)
        #expect(answer.count < 4096)
        #expect(answer.suffix(5) == [0x20, 0x20, 0x0A, 0, 0])
        for record in records {
            #expect(record.utf8.count <= 127)
            #expect(record.utf8.allSatisfy { (0x20...0x7E).contains($0) || $0 == 0x0A })
            #expect(record.dropFirst(9).hasPrefix(": ") && record.last == "\n")
            #expect(record.filter { $0 == "\n" }.count == 1)
            #expect(record.count > 12)
        }
        let length = records.dropFirst().reduce(0) { $0 + $1.utf8.count }
        let numbers = records[0].dropFirst(11).dropLast().split(separator: ",")
        #expect(numbers.map { Int($0) } == [1, records.count - 1, length])
        #expect(numbers.map(\.count) == [3, 3, 4])
    }

    @Test(arguments: State.allCases) func clientsCanReadIt(_ state: State) throws {
        let snapshot = state.snapshot
        let answer = NISReport.status(snapshot)
        let pairs = try NISClients.pairs(try NISClients.records(answer))
        let home = try NISClients.aioapcaccess(answer)
        #expect(home.map(\.key) == pairs.map(\.key) && home.map(\.value) == pairs.map(\.value))
        #expect(Set(pairs.map(\.key)).count == pairs.count)
        let values = try NISClients.mdlayher(answer)
        let slave = try NISClients.slave(answer)
        for (key, value) in slave { #expect(values[key] == value) }
        #expect(slave["UPSNAME"] != nil && slave["MODEL"] != nil && slave["UPSMODE"] != nil)
        let words = try NISClients.netdata(answer)
        #expect(Set(words).isSubset(of: netdataWords) && !words.isEmpty)
        #expect(values["SERIALNO"]?.isEmpty == false)
        #expect(try NISClients.shutsSlaveDown(answer) == snapshot.isShuttingDown)
    }

    /// Netdata's old shell collector takes field 3 of every line that begins so.
    @Test(arguments: State.allCases) func shellCollectors(_ state: State) throws {
        let keys = [
            "BCHARGE", "BATTV", "NOMBATTV", "LINEV", "MINLINEV", "MAXLINEV", "LINEFREQ", "OUTPUTV",
            "NOMOUTV", "LOADPCT", "ITEMP", "NOMPOWER", "TIMELEFT",
        ]
        for record in try NISClients.records(NISReport.status(state.snapshot)) {
            guard let key = keys.first(where: { record.hasPrefix($0) }) else { continue }
            let fields = record.split(separator: " ")
            #expect(fields[0] == key && fields[1] == ":" && Double(fields[2]) != nil)
        }
    }

    @Test(
        arguments: [
            (State.online, 0x0500_0008, "ONLINE"),
            (.confirming, 0x0500_0008, "ONLINE"),
            (.pending, 0x0500_0010, "ONBATT"),
            (.cancelled, 0x0500_0010, "ONBATT"),
            (.lowBattery, 0x0500_0050, "ONBATT LOWBATT"),
            (.committed, 0x0500_0210, "SHUTTING DOWN"),
            (.noBattery, 0x0100_0008, "ONLINE NOBATT"),
            (.overcurrent, 0x0500_0028, "ONLINE OVERLOAD"),
            (.worn, 0x0500_0088, "ONLINE REPLACEBATT"),
            (.aged, 0x0500_0088, "ONLINE REPLACEBATT"),
            (.unloaded, 0x0500_0008, "ONLINE"),
            (.measuring, 0x0500_0008, "ONLINE"),
            (.lostOnLine, 0x0500_0100, "COMMLOST"),
            (.lostOnBattery, 0x0500_0110, "COMMLOST"),
            (.lostCommitted, 0x0500_0310, "SHUTTING DOWN"),
            (.nothingKnown, 0x0500_0100, "COMMLOST"),
            (.drill, 0x0500_0008, "ONLINE"),
            (.dryRunCommitted, 0x0500_0010, "ONBATT"),
            (.onlyStatusKnown, 0x0500_0008, "ONLINE"),
            (.hostileTexts, 0x0500_0008, "ONLINE"),
        ] as [(State, UInt32, String)])
    func flags(_ state: State, _ bits: UInt32, _ words: String) throws {
        let values = try NISClients.mdlayher(NISReport.status(state.snapshot))
        #expect(values["STATFLAG"].flatMap(NISClients.number) == bits)
        #expect(values["STATUS"] == words)
    }

    /// What a drill plays must not reach other machines, whatever it plays.
    @Test func drillAndDryRunShutNobodyDown() throws {
        for phase in Phase.allCases {
            var snapshot = State.drill.snapshot
            snapshot.shutdown.phase = phase
            #expect(NISFlags(snapshot).bits == 0x0500_0008)
            snapshot = State.dryRunCommitted.snapshot
            snapshot.shutdown.phase = phase
            #expect(NISFlags(snapshot).bits == 0x0500_0010)
        }
    }

    /// A slave would read the nominal voltage as the voltage.
    @Test func unknownNumbersAreLeftOut() throws {
        let values = try NISClients.mdlayher(NISReport.status(State.onlyStatusKnown.snapshot))
        let unknown = [
            "LINEV", "LINEA", "LOADPCT", "BCHARGE", "TIMELEFT", "OUTPUTV", "OUTPUTA", "ITEMP",
            "BATTV", "BATTA", "OUTCURNT", "REG2", "REG3", "NOMBATTV",
        ]
        for key in unknown { #expect(values[key] == nil) }
        let expected = [
            "UPSNAME": "UPS", "MODEL": "N/A", "FIRMWARE": "N/A", "XONBATT": "N/A",
            "XOFFBATT": "N/A", "NUMXFERS": "0", "LASTXFER": "No transfers since turnon",
            "SERIALNO": "A1B2C3", "SELFTEST": "NO", "REG1": "0x0D",
        ]
        for (key, value) in expected { #expect(values[key] == value) }
    }

    @Test func outage() throws {
        let values = try NISClients.mdlayher(NISReport.status(State.lowBattery.snapshot))
        let expected = [
            "LINEFAIL": "Yes", "LINEV": "0.0 Volts", "BATTA": "-0.420 Amps", "NUMXFERS": "2",
            "XONBATT": "2026-11-22 16:03:56 +0100", "TONBATT": "9 Seconds",
            "CUMONBATT": "39 Seconds", "TIMELEFT": "2.4 Minutes", "BCHARGE": "81 Percent",
        ]
        for (key, value) in expected { #expect(values[key] == value) }
    }

    @Test(
        arguments: [
            ([], false, "NO"), ([.capacitanceDone], false, "NO"),
            ([.capacitanceDone, .esrDone], false, "OK"),
            ([.capacitanceDone, .esrDone], true, "IP"),
            ([.capacitanceDone, .esrDone, .esrFailed], false, "NG"),
            ([.capacitanceFailed], false, "NG"),
        ] as [(MonitorStatus, Bool, String)])
    func selfTest(_ status: MonitorStatus, _ isMeasuring: Bool, _ expected: String) throws {
        var snapshot = State.online.snapshot
        snapshot.reading.monitorStatus = status
        snapshot.isMeasuring = isMeasuring
        let values = try NISClients.mdlayher(NISReport.status(snapshot))
        #expect(values["SELFTEST"] == expected)
    }

    @Test(arguments: [
        ("A1B2C3", "A1B2C3"), ("", "UPS-workhorse"), (" ", "UPS-workhorse"),
        ("Blank", "UPS-workhorse"), ("00000000", "UPS-workhorse"), ("????", "UPS-workhorse"),
        ("00000001", "00000001"), ("xMODELx", "xmodelx"),
    ])
    func serial(_ told: String, _ expected: String) throws {
        var snapshot = State.online.snapshot
        snapshot.identity.serial = told
        #expect(try NISClients.mdlayher(NISReport.status(snapshot))["SERIALNO"] == expected)
    }

    /// Two UPS without a number on one host name, such as in two containers, are still two.
    @Test func aUPSWithoutASerialNumberGetsOne() throws {
        var snapshot = State.onlyStatusKnown.snapshot
        snapshot.installation.fallbackSerial = "1a2b3c4d"
        snapshot.capacitorsWhenNew?.serial = nil
        let values = try NISClients.mdlayher(NISReport.status(snapshot))
        #expect(values["SERIALNO"] == "UPS-1a2b3c4d")
    }

    /// A slave never uses a key that was not there when it first asked.
    @Test func theRuntimeIsThereWithoutALoad() throws {
        let values = try NISClients.mdlayher(NISReport.status(State.unloaded.snapshot))
        #expect(values["TIMELEFT"] == "1440.0 Minutes" && values["LOADPCT"] == "0 Percent")
    }

    @Test(arguments: State.allCases) func homeAssistantsUnits(_ state: State) throws {
        for (key, value) in try NISClients.aioapcaccess(NISReport.status(state.snapshot)) {
            guard let unit = NISClients.homeAssistantUnits[key] else { continue }
            #expect(value.hasSuffix(" " + unit) && Double(NISClients.firstWord(value)) != nil)
        }
    }

    @Test func configuredNameComesFirst() throws {
        var snapshot = State.online.snapshot
        snapshot.rating.name = "Büro\tΩ"
        #expect(try NISClients.mdlayher(NISReport.status(snapshot))["UPSNAME"] == "B?ro?Ohm")
    }

    private let netdataWords: Set<String> = [
        "CAL", "TRIM", "BOOST", "ONLINE", "ONBATT", "OVERLOAD", "LOWBATT", "REPLACEBATT", "NOBATT",
        "SLAVE", "SLAVEDOWN", "COMMLOST", "SHUTTING_DOWN",
    ]
}

private let goldenOnline = """
    APC      : 001,046,1075
    DATE     : 2026-11-22 16:04:05 +0100_
    HOSTNAME : workhorse
    VERSION  : 2.0.0 ups-server
    UPSNAME  : UPSIC Series
    CABLE    : Serial Cable
    DRIVER   : Bicker Serial Driver
    UPSMODE  : Stand Alone
    STARTTIME: 2026-11-22 15:47:45 +0100_
    MODEL    : SUC-1011
    STATUS   : ONLINE
    LINEFAIL : No
    LINEV    : 12.6 Volts
    LINEA    : 0.004 Amps
    LOADPCT  : 6 Percent
    BCHARGE  : 100 Percent
    TIMELEFT : 5.4 Minutes
    MBATTCHG : 25 Percent
    MINTIMEL : 1 Minutes
    MAXTIME  : 60 Seconds
    OUTPUTV  : 12.4 Volts
    OUTPUTA  : 0.310 Amps
    DWAKE    : 8 Seconds
    DSHUTD   : 15 Seconds
    RETPCT   : 90 Percent
    ITEMP    : 28 C
    BATTV    : 10.4 Volts
    BATTA    : 0.012 Amps
    OUTCURNT : 0.31 Amps
    LASTXFER : Low line voltage
    NUMXFERS : 1
    XONBATT  : 2026-11-22 15:55:45 +0100_
    TONBATT  : 0 Seconds
    CUMONBATT: 30 Seconds
    XOFFBATT : 2026-11-22 15:56:15 +0100_
    SELFTEST : OK
    STATFLAG : 0x05000008
    REG1     : 0x0D
    REG2     : 0x1425
    REG3     : 0x0218
    SERIALNO : A1B2C3
    NOMINV   : 12.4 Volts
    NOMBATTV : 10.4 Volts
    NOMPOWER : 62 Watts
    FIRMWARE : 1.2.0
    ENDAPC   : 2026-11-22 16:04:05 +0100_
    END APC  : 2026-11-22 16:04:05 +0100_

    """

private let goldenLost = """
    APC      : 001,023,0604
    DATE     : 2026-11-22 16:04:02 +0100_
    HOSTNAME : workhorse
    VERSION  : 2.0.0 ups-server
    UPSNAME  : UPSIC Series
    CABLE    : Serial Cable
    DRIVER   : Bicker Serial Driver
    UPSMODE  : Stand Alone
    STARTTIME: 2026-11-22 15:47:45 +0100_
    MODEL    : SUC-1011
    STATUS   : COMMLOST
    MBATTCHG : 25 Percent
    MINTIMEL : 1 Minutes
    MAXTIME  : 60 Seconds
    NUMXFERS : 2
    XONBATT  : 2026-11-22 16:03:56 +0100_
    TONBATT  : 9 Seconds
    CUMONBATT: 39 Seconds
    XOFFBATT : 2026-11-22 15:56:15 +0100_
    STATFLAG : 0x05000110
    SERIALNO : A1B2C3
    FIRMWARE : 1.2.0
    ENDAPC   : 2026-11-22 16:04:05 +0100_
    END APC  : 2026-11-22 16:04:05 +0100_

    """
