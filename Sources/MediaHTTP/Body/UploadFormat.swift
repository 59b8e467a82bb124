import NIOCore
import XMedia

/// What was read of an upload's body.
enum UploadEvent {
    /// The media begins.
    case mediaBegin
    /// Some of the media, decoded; never empty.
    case media(ByteBuffer)
}

/// A format in which uploads arrive: some small members and one large `media`, in any order.
///
/// A value without I/O whose memory is bounded.
protocol UploadFormat {
    /// Adds the next bytes; all events are to be taken before.
    mutating func append(_ bytes: ByteBuffer)

    /// Reads on to the next event; nil when more bytes are needed.
    mutating func next() throws(HTTPProblem) -> UploadEvent?

    /// Says that the body has ended.
    func finish() throws(HTTPProblem)

    /// The fields that were read so far, for formats that have fields.
    var fields: FormFields { get }

    /// All members but the media, with the types that the schema asks for; complete once the body has ended.
    func members(typedBy schema: Schema) -> JSONValue
}
