// What is said to people: the English text, and what a program needs to say it in another
// language. A text without a sentence, such as an error of the system, stays English.

public struct Message: MessageValue, Equatable, ExpressibleByStringInterpolation {
    public let text: String
    public let sentence: Sentence?
    /// In the order of the English sentence.
    public let values: [any MessageValue]

    public init(_ text: String) {
        (self.text, sentence, values) = (text, nil, [])
    }

    public init(stringLiteral text: String) {
        self.init(text)
    }

    public init(_ sentence: Sentence, _ values: any MessageValue...) {
        self.values = values
        self.sentence = sentence
        text = sentence.text(with: values)
    }

    public var description: String { text }

    /// By what is read: what was kept over a restart has only its text.
    public static func == (left: Message, right: Message) -> Bool { left.text == right.text }
}

extension Sentence {
    /// Of its values, in their order.
    public var names: [String] {
        pieces.dropFirst().map { String($0.prefix { $0 != "}" }) }
    }

    func text(with values: [any MessageValue]) -> String {
        zip(pieces.dropFirst(), values).reduce(String(pieces[0])) { text, next in
            text + next.1.description + next.0.drop { $0 != "}" }.dropFirst()
        }
    }

    /// Each but the first begins with the name of a value.
    private var pieces: [Substring] {
        rawValue.split(separator: "{", omittingEmptySubsequences: false)
    }
}

/// What stands in a sentence for a pair of braces. A String is a name, or what is not ours.
public protocol MessageValue: CustomStringConvertible, Sendable {}

extension Int: MessageValue {}
extension Double: MessageValue {}
extension String: MessageValue {}
