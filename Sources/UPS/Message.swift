// Something that is said to people: the English text, and what a program needs to say it in another
// language. A text without a sentence, such as an error of the system, stays English.

public struct Message: Sendable {
    /// What stands in a sentence for a pair of braces.
    public enum Value: Sendable {
        case integer(Int)
        case decimal(Double)
        /// A name, or what is not ours.
        case text(String)
        case message(Message)
    }

    public let text: String
    public let sentence: Sentence?
    /// In the order of the English sentence.
    public let values: [Value]

    public init(_ text: String) {
        (self.text, sentence, values) = (text, nil, [])
    }

    public init(_ sentence: Sentence, _ values: any MessageValue...) {
        self.values = values.map(\.messageValue)
        self.sentence = sentence
        text = sentence.text(with: self.values)
    }
}

extension Message: CustomStringConvertible {
    public var description: String { text }
}

/// By what is read: what was kept over a restart has only its text.
extension Message: Equatable {
    public static func == (left: Message, right: Message) -> Bool { left.text == right.text }
}

extension Message: ExpressibleByStringInterpolation {
    public init(stringLiteral text: String) {
        self.init(text)
    }
}

extension Sentence {
    /// Of its values, in their order.
    public var names: [String] {
        pieces.dropFirst().map { String($0.prefix { $0 != "}" }) }
    }

    func text(with values: [Message.Value]) -> String {
        zip(pieces.dropFirst(), values).reduce(String(pieces[0])) { text, next in
            text + next.1.text + next.0.drop { $0 != "}" }.dropFirst()
        }
    }

    /// Each but the first begins with the name of a value.
    private var pieces: [Substring] {
        rawValue.split(separator: "{", omittingEmptySubsequences: false)
    }
}

extension Message.Value {
    var text: String {
        switch self {
        case .integer(let number): "\(number)"
        case .decimal(let number): "\(number)"
        case .text(let text): text
        case .message(let message): message.text
        }
    }
}

public protocol MessageValue {
    var messageValue: Message.Value { get }
}

extension Int: MessageValue {
    public var messageValue: Message.Value { .integer(self) }
}

extension Double: MessageValue {
    public var messageValue: Message.Value { .decimal(self) }
}

extension String: MessageValue {
    public var messageValue: Message.Value { .text(self) }
}

extension Message: MessageValue {
    public var messageValue: Value { .message(self) }
}
