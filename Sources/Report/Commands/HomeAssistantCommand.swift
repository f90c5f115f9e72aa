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
    ).ofDaemon.icon("message-alert")
}

/// One that commands, or shows what came of it. Not there when commands are switched off.
struct HomeAssistantCommand: Sendable {
    let key: String
    let entity: HomeAssistantEntity
    /// The option and its topic.
    let topics: @Sendable (MQTTTopics) -> [(String, String)]

    static let all = [
        HomeAssistantCommand(
            key: "cancel",
            entity: sender(
                HomeAssistantEntity(.button, "Cancel shutdown").icon("cancel"), "cancel"
            ).ofDaemon
        ) { [("command_topic", $0.command)] },
        HomeAssistantCommand(
            key: "measure",
            entity: sender(
                HomeAssistantEntity(.button, "Measure capacitors").icon("test-tube").diagnostic,
                "measure")
        ) { [("command_topic", $0.command)] },
        HomeAssistantCommand(
            key: "delay",
            entity: sender(delay.icon("timer-plus"), "delay", members: ", 'seconds': value | int")
                .ofDaemon
        ) { topics in
            let state = "\(topics.base)/shutdown_delay"
            return [("command_topic", topics.command), ("state_topic", state)]
        },
        HomeAssistantCommand(
            key: "command_result",
            entity: HomeAssistantEntity(.sensor, "Command result").ofDaemon.diagnostic
                .icon("message-reply-text").attributes(from: "command/result")
                // The longest state that Home Assistant takes.
                .template("{{ value_json.message[:255] }}")
        ) { [("state_topic", $0.commandResult)] },
    ]

    /// Whether a delay is long enough is the daemon's to say; it answers.
    private static let delay = HomeAssistantEntity(
        .number, "Delay shutdown",
        HomeAssistantEntity.classed("duration") + [
            ("unit_of_measurement", .string("s")),
            ("min", .integer(ShutdownPolicy.delayRange.lowerBound)),
            ("max", .integer(ShutdownPolicy.delayRange.upperBound)),
            ("mode", .string("box")),
        ])

    /// The incident that is on the screen goes with the command, so that one that arrives late does
    /// nothing to the next; the id, so that one that arrives twice does nothing twice.
    private static func sender(
        _ entity: HomeAssistantEntity, _ command: String, members: String = ""
    ) -> HomeAssistantEntity {
        entity.withIncident.command(
            "{{ {'command': '\(command)'\(members), 'id': now().isoformat(), "
                + "'incident': this.attributes.get('incident')} | tojson }}")
    }
}
