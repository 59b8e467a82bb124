"""One HTTP/2 connection over TLS, frame by frame, for tests that must do what a good client never does."""

import json
import select
import socket
import ssl
import time
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
from hyperframe.frame import Frame, GoAwayFrame, PingFrame

GOAWAY, PING = GoAwayFrame.type, PingFrame.type


@dataclass
class Answer:
    """What came on one stream."""

    status: int | None = None
    fields: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    ended: bool = False
    # The code of RST_STREAM.
    reset: int | None = None

    @property
    def json(self):
        return json.loads(self.body)


class Connection:
    """An HTTP/2 connection, whose client answers PING or does not."""

    def __init__(self, server, acknowledges=True):
        self.host, self.port = server.host, server.port
        self.socket = handshake(server, ["h2"])
        assert self.socket.selected_alpn_protocol() == "h2"
        self.socket.setblocking(False)
        self.acknowledges = acknowledges
        self.unparsed = b""
        self.answers: dict[int, Answer] = {}
        # The code of GOAWAY; bytes that the server lets come, by stream, 0 for all together.
        self.goaway = None
        self.credits: dict[int, int] = {}
        self.closed = False
        self.h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(
                client_side=True, header_encoding="utf-8", validate_outbound_headers=False,
                normalize_outbound_headers=False))
        self.h2.initiate_connection()
        self.flush()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    # Sending.

    def fields(self, method, path, **extra):
        named = [(name.replace("_", "-"), value) for name, value in extra.items()]
        return [
            (":method", method), (":scheme", "https"), (":authority", f"{self.host}:{self.port}"), (":path", path),
            *named]

    def open(self, method, path, end=False, **extra):
        """Begins a request; returns the stream."""
        stream = self.h2.get_next_available_stream_id()
        self.answers[stream] = Answer()
        self.h2.send_headers(stream, self.fields(method, path, **extra), end_stream=end)
        return stream

    def send(self, stream, data, seconds=10):
        """Sends a whole body as the windows allow; stops when the server wants no more."""
        deadline = time.monotonic() + seconds
        while data and self.answers[stream].reset is None and not self.closed:
            piece = data[: self.room(stream)]
            if piece:
                self.h2.send_data(stream, piece)
                data = data[len(piece):]
                self.flush()
            assert time.monotonic() < deadline, f"{len(data)} bytes are left, and no window"
            self.receive(0 if piece else 0.05)
        if self.answers[stream].reset is None and not self.closed:
            self.h2.end_stream(stream)
            self.flush()

    def room(self, stream):
        return min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)

    def write(self, *frames: Frame):
        """Sends frames as they are."""
        self.push(b"".join(frame.serialize() for frame in frames))

    def flush(self):
        self.push(self.h2.data_to_send())

    def push(self, data):
        deadline = time.monotonic() + 10
        while data and not self.closed:
            assert time.monotonic() < deadline, "the server takes no bytes"
            try:
                data = data[self.socket.send(data):]
            except (ssl.SSLWantWriteError, ssl.SSLWantReadError):
                # A server that waits for its own bytes to leave reads none.
                self.receive(0.02)
            except OSError:
                # What it said before it closed is still to be read.
                self.drain()
                self.closed = True

    # Receiving.

    def receive(self, seconds):
        """Takes what comes within the time; returns at the first piece."""
        if self.closed:
            return
        if not self.socket.pending():
            if not select.select([self.socket], [], [], seconds)[0]:
                return
        try:
            data = self.socket.recv(1 << 16)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        except OSError:
            data = b""
        if not data:
            self.closed = True
            return
        self.take(data)

    def drain(self):
        while not self.closed:
            try:
                data = self.socket.recv(1 << 16)
            except OSError:
                return
            if not data:
                return
            self.take(data)

    def take(self, data):
        events = []
        self.unparsed += data
        while len(self.unparsed) >= 9:
            end = 9 + int.from_bytes(self.unparsed[:3], "big")
            if len(self.unparsed) < end:
                break
            frame, self.unparsed = self.unparsed[:end], self.unparsed[end:]
            if frame[3] == GOAWAY:
                # After it the library would take no frame, not even the PING that a server sends with it.
                self.goaway = int.from_bytes(frame[13:17], "big")
            elif frame[3] != PING or self.acknowledges:
                events += self.h2.receive_data(frame)
        for event in events:
            self.note(event)
        if not self.closed:
            pending = self.h2.data_to_send()
            if pending:
                try:
                    self.socket.send(pending)
                except OSError:
                    pass

    def note(self, event):
        answer = self.answers.get(getattr(event, "stream_id", None), Answer())
        match event:
            case h2.events.ResponseReceived():
                answer.fields = dict(event.headers)
                answer.status = int(answer.fields[":status"])
            case h2.events.DataReceived():
                answer.body += event.data
                if event.flow_controlled_length:
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.StreamEnded():
                answer.ended = True
            case h2.events.StreamReset():
                answer.reset = int(event.error_code)
            case h2.events.WindowUpdated():
                self.credits[event.stream_id] = self.credits.get(event.stream_id, 0) + event.delta

    def until(self, condition, seconds=10):
        """Takes what comes until the condition holds or the connection ends; says whether it holds."""
        deadline = time.monotonic() + seconds
        while not condition() and not self.closed and time.monotonic() < deadline:
            self.receive(0.05)
        return condition()

    # Requests.

    def finish(self, *streams, seconds=10):
        """Waits for the ends of answers; returns them."""
        self.flush()
        answers = [self.answers[stream] for stream in streams]
        assert self.until(lambda: all(answer.ended for answer in answers), seconds), (
            f"no answer: {answers}, GOAWAY {self.goaway}, closed {self.closed}")
        return answers

    def ask(self, method, path, body=None, **extra):
        """One request and its answer."""
        stream = self.open(method, path, end=body is None, **extra)
        if body is not None:
            self.send(stream, body)
        return self.finish(stream)[0]

    def ended(self, seconds=10):
        """Waits for the server to end the connection."""
        return self.until(lambda: self.closed, seconds)


def handshake(server, protocols):
    """A connection with TLS that trusts the server's certificate only."""
    context = ssl.create_default_context(cafile=server.certificate)
    context.set_alpn_protocols(protocols)
    plain = socket.create_connection((server.host, server.port), timeout=10)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return context.wrap_socket(plain, server_hostname=server.host)
