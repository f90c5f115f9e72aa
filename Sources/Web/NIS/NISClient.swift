// A client that speaks apcupsd's NIS. Its requests are answered from the shared encodings.

internal import CWebSockets
internal import Report

final class NISClient: RawClient {
    /// Netdata keeps its connection for a minute and more. (s)
    private static let idle: Int32 = 90

    private var session = NISSession()

    init(successorOf client: Client) {
        super.init(successorOf: client, idle: NISClient.idle)
    }

    override func take(_ bytes: UnsafeRawBufferPointer) {
        session.receive(bytes)
    }

    override func answerNext() -> Progress {
        guard let request = session.next() else { return .waiting }
        let answer: PaddedBytes
        switch request {
        case .status: answer = context.encoded(.nisStatus)
        case .events: answer = context.encoded(.nisEvents)
        case .unknown: answer = context.nisInvalidCommand
        case .end, .tooLong: return .over
        }
        return answer.write(to: wsi!, as: ups_lws_write_raw()) ? .answered : .over
    }
}
