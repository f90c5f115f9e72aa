// The metrics of the serial line and of the sinks: what the daemon counts of itself. A part of
// Metric.all.

import UPS

extension Metric {
    static let line = [
        value("reading_age_seconds", "Since the last valid status answer") { snapshot in
            snapshot.lastReading.map { max(0, (snapshot.time - $0).inSeconds) }
        },
        frames("port_opens_total", "Times the serial port was opened") { $0.opens },
        frames("requests_total", "Requests to the UPS") { $0.requests },
        frames("replies_total", "Valid answers of the UPS") { $0.replies },
        frames("timeouts_total", "Requests without a valid answer in time") { $0.timeouts },
        frames("invalid_frames_total", "Answers that fit no request") { $0.invalidFrames },
        frames("implausible_answers_total", "Answers that say what cannot be") {
            $0.implausibleAnswers
        },
        value("missing_values", "Values that are needed, or were told, and are not told now") {
            Double($0.missingValues)
        },
        frames("unsolicited_frames_total", "Frames nobody asked for") { $0.unsolicitedFrames },
        frames("discarded_bytes_total", "Bytes that made no frame") { $0.discardedBytes },
    ]

    static let port = [
        list("clients", "Connections to the port") { _, sinks in
            let port = sinks.port
            let http =
                port.clients - port.nisClients - port.nutClients - port.webSocketClients
            return [
                Sample(labels: [("kind", "http")], value: Double(max(0, http))),
                Sample(labels: [("kind", "nis")], value: Double(port.nisClients)),
                Sample(labels: [("kind", "nut")], value: Double(port.nutClients)),
                Sample(labels: [("kind", "websocket")], value: Double(port.webSocketClients)),
            ]
        },
        sink("refused_clients_total", "Connections closed at once: too many") {
            $0.port.refusedClients
        },
        sink("dropped_clients_total", "Clients that had stopped reading") {
            $0.port.droppedClients
        },
        sink("ignored_commands_total", "Refused commands without an id") {
            $0.port.ignoredCommands
        },
    ]

    static let sinks = [
        list("broker_connected", "MQTT: the broker is there") { _, sinks in
            sinks.broker.map { [Sample(value: $0.isConnected ? 1 : 0)] } ?? []
        },
        sink("broker_connections_total", "MQTT: times connected") { $0.broker?.connections },
        sink("events_dropped_total", "MQTT: events given up") { $0.broker?.eventsDropped },
        sink("records_lost_total", "Lines lost on the way to logs") { $0.recordsLost },
    ]

    private static func frames(
        _ name: String, _ help: String, _ count: @escaping @Sendable (SerialCounters) -> Int
    ) -> Metric {
        value(name, help) { Double(count($0.counters)) }
    }

    private static func sink(
        _ name: String, _ help: String, _ count: @escaping @Sendable (SinkCounters) -> Int?
    ) -> Metric {
        list(name, help) { _, sinks in
            count(sinks).map { [Sample(value: Double($0))] } ?? []
        }
    }
}
