// The configuration in the terms of the rooms that it is handed to.

import Configuration
import Glibc
import Host
import Monitoring
import NUT
import Platform
import Poweroff
import UPS
import Web

extension Configuration {
    private static let shortestToken = 16
    private static let longestToken = 1024

    /// The shutdown commands in the order in which they are tried.
    var steps: [ShutdownStep] {
        let first = host.command.isEmpty ? ShutdownStep.builtIn() : .program(host.command)
        return [first] + host.escalation.map { .program($0) }
    }

    var lateTerms: LateOrder.Terms {
        LateOrder.Terms(
            serial: server.serial, cut: host.cutOutput,
            rebootsIfPowerReturned: host.rebootIfPowerReturned)
    }

    /// Read only where it is root's and no other user can have written it.
    static func hasOwnProgram(_ path: String) -> Bool {
        guard let status = fileStatus(path), status.st_uid == geteuid(),
            status.st_mode & S_IFMT == S_IFREG, status.st_mode & (S_IWGRP | S_IWOTH) == 0,
            let host = (try? Configuration.read(path: path))?.configuration.host
        else { return false }
        return !host.command.isEmpty || !host.escalation.isEmpty
    }

    /// Takes over what follows from this host, and returns what is to be said about it. `measured`
    /// is how long its last shutdown took. Run by hand and without a command the daemon is dry.
    mutating func settle(measured: Duration?) -> [Message] {
        policy.steps = steps.count
        var notes = [settle(shutdownTime: measured)].compactMap { $0 }.map { Message($0) }
        if host.command.isEmpty, !ThisHost.isStartedBySystemd {
            policy.dryRun = true
            notes.insert(Message(.byHand), at: 0)
        }
        return notes
    }

    /// What was measured ends before the file systems are unmounted: that gets 5 s.
    mutating func settle(shutdownTime measured: Duration?) -> String? {
        guard let measured, measured > policy.hostShutdownTime else { return nil }
        let configured = policy.hostShutdownTime.roundedSeconds
        policy.hostShutdownTime = measured
        let (seconds, step) = (measured.roundedSeconds, 5)
        let advice = (seconds + 2 * step - 1) / step * step
        return "The last shutdown of this host took \(seconds) s, which holds until another one: "
            + "hostShutdownTime is \(configured) s, set it to \(advice)"
    }

    /// What the Watch is told at its start and on a reload; `notes` are about this host.
    func setup(with notes: [Message] = []) -> Watch.Setup {
        Watch.Setup(
            policy: policy, rating: rating, intervals: intervals,
            standingProblems: [standingProblem].compactMap { $0 }.map { Message($0) } + notes)
    }

    func webSettings(
        controlSocket: String, isTicking: @escaping @Sendable () -> Bool
    ) throws -> WebSettings {
        var settings = WebSettings()
        settings.addresses = server.addresses
        settings.port = server.port
        settings.www = server.www
        settings.controlSocket = controlSocket
        settings.controlSocketGroup = UserAccount.groupID(server.group)
        settings.maxClients = server.maxClients
        settings.maxRawClients = server.maxRawClients
        settings.isTicking = isTicking
        if let nut {
            settings.nutNames = NUTNames(nut.name, aliases: nut.aliases)
            (settings.nutAddresses, settings.nutPort) = (nut.addresses, nut.port)
        }
        switch server.webCommands {
        case .loopback: settings.commands = .loopback
        case .off: settings.commands = .off
        case .token: settings.commands = .token(try Self.token(in: server.controlTokenFile))
        }
        return settings
    }

    private static func token(in path: String) throws -> String {
        let token = try firstLine(of: path, longest: longestToken)
        guard token.utf8.count >= shortestToken else {
            let text = "\(path): a control token has at least \(shortestToken) characters"
            throw StartError(description: text)
        }
        return token
    }

    /// A secret in a file of its own, without the line's end.
    static func firstLine(of path: String, longest: Int) throws(SystemError) -> String {
        guard let bytes = readBytes(path, limit: longest) else {
            throw SystemError(errno, "cannot read \(path)")
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
        let end = line.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? 0
        return String(decoding: line[..<end].drop(while: isBlank), as: UTF8.self)
    }
}
