// What Home Assistant shows beside the state topics: the events, and the commands with their
// results. Written out by HomeAssistantDocument.

import UPS

extension HomeAssistantEntity {
    /// Home Assistant wants the name of an event under another key than our topic has it.
    static let upsEvent = HomeAssistantEntity(
        .event, "Event",
        [
            ("event_types", .array(Event.Name.allCases.map { .string($0.rawValue) })),
            (
                "value_template",
                .string(
                    "{{ {'event_type': value_json['event'], 'time': value_json['time'], "
                        + "'incident': value_json['incident'], 'text': value_json['text'], "
                        + "'values': value_json['values']} | tojson }}")
            ),
        ]
    ).state(from: "event").ofDaemon.icon("message-alert")

    static let commandResult = HomeAssistantEntity(.sensor, "Command result")
        .state(from: "command/result").ofDaemon.diagnostic.icon("message-reply-text")
        .attributes(from: "command/result")
        // The longest state that Home Assistant takes.
        .template("{{ value_json.message[:255] }}")

    static func button(_ title: String, for command: Command.Name) -> HomeAssistantEntity {
        HomeAssistantEntity(.button, title).sending(command)
    }

    /// Whether a delay is long enough is the daemon's to say; it answers.
    static let delay = HomeAssistantEntity(
        .number, "Delay shutdown",
        classed("duration") + [
            ("unit_of_measurement", .string("s")),
            ("min", .integer(ShutdownPolicy.delayRange.lowerBound)),
            ("max", .integer(ShutdownPolicy.delayRange.upperBound)),
            ("mode", .string("box")),
        ]
    ).state(from: "shutdown_delay").sending(.delay, members: ", 'seconds': value | int")

    /// The incident that is on the screen goes with the command, so that one that arrives late does
    /// nothing to the next; the id, so that one that arrives twice does nothing twice.
    private func sending(_ command: Command.Name, members: String = "") -> HomeAssistantEntity {
        withIncident.command(
            "{{ {'command': '\(command.rawValue)'\(members), 'id': now().isoformat(), "
                + "'incident': this.attributes.get('incident')} | tojson }}")
    }
}
