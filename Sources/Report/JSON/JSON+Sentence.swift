// What is said to people, for a program that says it in another language.

import UPS

extension JSON {
    /// Its name and its values; null: there is only the English text.
    static func sentence(_ message: Message) -> JSON {
        guard let sentence = message.sentence else { return .null }
        let values = zip(sentence.names, message.values).map { ($0, JSON.value($1)) }
        return .object([("key", .string("\(sentence)")), ("values", .object(values))])
    }

    private static func value(_ value: Message.Value) -> JSON {
        switch value {
        case .integer(let number): .integer(number)
        case .decimal(let number): .decimal(number, 3)
        case .text(let text): .string(text)
        case .message(let message): sentence(message)
        }
    }
}
