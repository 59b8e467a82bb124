"""HTTP/2 over TLS: what a connection may do, what it may cost, and how it ends."""

import os
import re
import signal
import socket
import ssl
import struct
import subprocess
import time
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from h2.errors import ErrorCodes
from h2.settings import SettingCodes
from hyperframe.frame import ContinuationFrame, DataFrame, HeadersFrame, PingFrame, RstStreamFrame, SettingsFrame

from conftest import BIN
from http2_client import Connection, handshake

STREAMS = 100
HEADER_LIST = 16 << 10
STREAM_WINDOW = 256 << 10
CONNECTION_WINDOW = 1 << 20


@dataclass
class Secure:
    """A running server with TLS."""

    host: str
    port: int
    certificate: Path
    token: str
    process: subprocess.Popen

    @property
    def bearer(self):
        return f"Bearer {self.token}"


@contextmanager
def serve(folder, certificate, key):
    """Starts a server with TLS on an empty data folder."""
    data = folder / "data"
    with open(folder / "server.log", "w") as log:
        process = subprocess.Popen(
            [BIN / "roost", "serve", "--data", data, "--port", "0", "--tls-cert", certificate, "--tls-key", key],
            stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        port = None
        for line in process.stdout:
            if match := re.match(r"Roost serves .* at https://127\.0\.0\.1:(\d+)", line):
                port = int(match[1])
                break
        assert port, f"the server did not start: {(folder / 'server.log').read_text()}"
        token = subprocess.check_output(
            [BIN / "roost", "token", "create", "--data", data, "--user", "interop"], text=True).strip()
        yield Secure("127.0.0.1", port, certificate, token, process)
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A certificate for 127.0.0.1 and its key."""
    folder = tmp_path_factory.mktemp("tls")
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.check_call(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=roost "
        f"-addext subjectAltName=IP:127.0.0.1 -keyout {key} -out {certificate}".split(),
        stderr=subprocess.DEVNULL)
    return certificate, key


@pytest.fixture(scope="module")
def secure(tmp_path_factory, pair):
    with serve(tmp_path_factory.mktemp("secure"), *pair) as server:
        yield server
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=15) == 0


@pytest.fixture
def connection(secure):
    with Connection(secure) as connection:
        yield connection


def noise_png(width, height):
    """A picture that no encoder makes smaller."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + os.urandom(width * 3) for _ in range(height))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b""))


def quick(secure, seconds=5):
    """Another client is served at once."""
    begun = time.monotonic()
    with Connection(secure) as other:
        assert other.ask("GET", "/healthz").status == 200
    assert time.monotonic() - begun < seconds


def begin_upload(connection, secure, size):
    answer = connection.ask(
        "POST", "/2/media/upload/initialize",
        b'{"media_type":"image/png","media_category":"tweet_image","total_bytes":%d}' % size,
        authorization=secure.bearer, content_type="application/json")
    assert answer.status == 200, answer
    return answer.json["data"]["id"]


def segment(data, index):
    return (
        b'--b\r\nContent-Disposition: form-data; name="segment_index"\r\n\r\n%d\r\n'
        b'--b\r\nContent-Disposition: form-data; name="media"; filename="s"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n%b\r\n--b--\r\n" % (index, data))


FORM = "multipart/form-data; boundary=b"


def test_requests_in_parallel_on_one_connection(connection, secure):
    streams = [
        connection.open("GET", "/2/users/me", end=True, authorization=secure.bearer) if index % 2
        else connection.open("GET", "/healthz", end=True) for index in range(40)]
    answers = connection.finish(*streams)
    assert {answer.status for answer in answers} == {200}
    assert all(answer.json["data"]["username"] == "interop" for answer in answers[1::2])
    assert all(answer.json == {"status": "ok"} for answer in answers[::2])
    assert connection.goaway is None


def test_settings_are_the_documented_ones(connection):
    connection.ask("GET", "/healthz")
    settings = connection.h2.remote_settings
    assert settings[SettingCodes.MAX_CONCURRENT_STREAMS] == STREAMS
    assert settings[SettingCodes.MAX_HEADER_LIST_SIZE] == HEADER_LIST
    assert settings[SettingCodes.INITIAL_WINDOW_SIZE] == STREAM_WINDOW
    assert connection.h2.outbound_flow_control_window == CONNECTION_WINDOW


def test_streams_beyond_the_limit_are_refused(connection, secure):
    upload = begin_upload(connection, secure, 1000)
    # The library of a client that keeps the limit would not send them.
    connection.h2.remote_settings.max_concurrent_streams = 1000
    connection.h2.remote_settings.acknowledge()
    path = f"/2/media/upload/{upload}/append"
    held = [connection.open("POST", path, authorization=secure.bearer, content_type=FORM) for _ in range(STREAMS)]
    # All that are allowed may be open; one leaves, and there is room for another one.
    connection.flush()
    assert not connection.ended(0.3)
    connection.h2.reset_stream(held[0], ErrorCodes.CANCEL)
    assert connection.ask("GET", "/healthz").status == 200
    held.append(connection.open("POST", path, authorization=secure.bearer, content_type=FORM))
    more = [connection.open("GET", "/healthz", end=True) for _ in range(20)]
    connection.flush()
    refused = [connection.answers[stream] for stream in more]
    # RFC 9113, 5.1.2 and 5.4: an error of the stream, or of the connection.
    assert connection.until(
        lambda: all(answer.reset == ErrorCodes.REFUSED_STREAM for answer in refused)
        or connection.closed and connection.goaway == ErrorCodes.PROTOCOL_ERROR)
    assert not any(answer.status for answer in refused)
    quick(secure)


def test_upload_comes_back_byte_for_byte(connection, secure):
    picture = noise_png(1000, 900)
    upload = begin_upload(connection, secure, len(picture))
    for index, start in enumerate(range(0, len(picture), 1 << 20)):
        answer = connection.ask(
            "POST", f"/2/media/upload/{upload}/append", segment(picture[start : start + (1 << 20)], index),
            authorization=secure.bearer, content_type=FORM)
        assert answer.status == 200, answer
    answer = connection.ask("POST", f"/2/media/upload/{upload}/finalize", authorization=secure.bearer)
    assert answer.status == 200 and answer.json["data"]["size"] == len(picture), answer
    answer = connection.ask("GET", f"/media/originals/{upload}", authorization=secure.bearer)
    assert answer.status == 200 and answer.body == picture


@pytest.mark.parametrize("status", [401, 413])
def test_early_answer_leaves_the_connection_usable(connection, secure, status):
    body = bytes(4 << 20)
    if status == 401:
        upload, extra = "1", {"authorization": "Bearer nobody"}
    else:
        upload = begin_upload(connection, secure, 1000)
        extra = {"authorization": secure.bearer, "content_length": str(1 << 40)}
    for _ in range(3):
        stream = connection.open(
            "POST", f"/2/media/upload/{upload}/append", content_type=FORM, **extra)
        connection.send(stream, body)
        answer = connection.answers[stream]
        assert connection.until(lambda: answer.ended and answer.reset is not None)
        assert answer.status == status
        assert answer.reset == ErrorCodes.NO_ERROR
        assert answer.json["status"] == status
    assert connection.ask("GET", "/healthz").status == 200


def test_bytes_that_nobody_reads_are_bounded(connection):
    """Clients that send all that they may before they listen: bytes on the way are counted, and given back."""
    connection.ask("GET", "/healthz")
    for _ in range(8):
        sent = 0
        streams = [
            connection.open("POST", "/2/media/upload/1/append", content_type=FORM) for _ in range(8)]
        connection.credits.clear()
        for stream in streams:
            while room := connection.room(stream):
                connection.h2.send_data(stream, bytes(room))
                sent += room
        assert sent == min(CONNECTION_WINDOW, len(streams) * STREAM_WINDOW)
        connection.flush()
        answers = [connection.answers[stream] for stream in streams]
        assert connection.until(lambda: all(answer.reset is not None for answer in answers))
        assert {answer.status for answer in answers} == {401}
        # At most what had been taken from the network is let come again; later bytes find nobody.
        assert max(connection.credits.get(stream, 0) for stream in streams) <= STREAM_WINDOW
        # The connection's window opens again, and not wider than it was.
        connection.until(lambda: connection.h2.outbound_flow_control_window > CONNECTION_WINDOW // 2)
        assert CONNECTION_WINDOW // 2 < connection.h2.outbound_flow_control_window <= CONNECTION_WINDOW
        connection.ask("GET", "/healthz")


def test_client_that_cancels_what_was_answered(connection):
    """Both end a stream at the same time; the connection goes on."""
    streams = [connection.open("POST", "/2/media/upload/1/append", content_type=FORM) for _ in range(60)]
    connection.flush()
    answers = [connection.answers[stream] for stream in streams]
    assert connection.until(lambda: all(answer.reset is not None for answer in answers))
    assert {answer.status for answer in answers} == {401}
    connection.write(*[RstStreamFrame(stream, error_code=ErrorCodes.CANCEL) for stream in streams])
    assert connection.ask("GET", "/healthz").status == 200


def test_rapid_reset_ends_the_connection(connection, secure):
    connection.ask("GET", "/healthz")
    fields = connection.fields("GET", "/2/users/me", authorization=secure.bearer)
    # The server has read each hundred before the next one, so that what it says at the end is not lost.
    for first in range(3, 10_003, 200):
        connection.write(
            *[
                frame for stream in range(first, first + 200, 2) for frame in (
                    HeadersFrame(stream, connection.h2.encoder.encode(fields), flags=["END_HEADERS", "END_STREAM"]),
                    RstStreamFrame(stream, error_code=ErrorCodes.CANCEL))
            ])
        if connection.ended(0.3):
            break
    assert first < 3000
    assert connection.ended()
    assert connection.goaway == ErrorCodes.ENHANCE_YOUR_CALM
    quick(secure)


@pytest.mark.parametrize("frame", [PingFrame(0, b"12345678"), SettingsFrame(0)], ids=["ping", "settings"])
def test_flood_of_control_frames_ends_the_connection(connection, secure, frame):
    connection.ask("GET", "/healthz")
    for _ in range(50):
        connection.write(*[frame] * 100)
        if connection.closed:
            break
    assert connection.ended()
    assert connection.goaway == ErrorCodes.ENHANCE_YOUR_CALM
    quick(secure)


@pytest.mark.parametrize("size", [0, 10, 16 << 10])
def test_endless_header_block_ends_the_connection(connection, secure, size):
    connection.ask("GET", "/healthz")
    fields = connection.h2.encoder.encode(connection.fields("GET", "/healthz"))
    # A literal field without indexing whose value does not end.
    endless = b"\x00\x01a\x7f\x80\x80\x80\x08"
    connection.write(HeadersFrame(3, fields + endless, flags=["END_STREAM"]))
    for _ in range(500):
        connection.write(ContinuationFrame(3, b"a" * size))
        if connection.closed:
            break
    assert connection.ended()
    assert connection.goaway in (ErrorCodes.ENHANCE_YOUR_CALM, ErrorCodes.PROTOCOL_ERROR, ErrorCodes.COMPRESSION_ERROR)
    quick(secure)


def test_too_many_fields_are_answered(connection):
    few = {f"x_{index}": "a" for index in range(80)}
    many = {f"x_{index}": "a" for index in range(120)}
    assert connection.ask("GET", "/healthz", **few).status == 200
    assert connection.ask("GET", "/healthz", **many).status == 431
    assert connection.ask("POST", "/healthz", b"a" * 100_000, **many).status == 431
    assert connection.ask("GET", "/healthz").status == 200


def test_too_large_header_list_is_not_served(secure):
    for value in ("a" * 20_000, "a" * 100_000):
        with Connection(secure) as connection:
            connection.ask("GET", "/healthz")
            stream = connection.open("GET", "/healthz", end=True, x_long=value)
            connection.flush()
            answer = connection.answers[stream]
            connection.until(lambda: answer.ended or answer.reset is not None or connection.closed)
            assert answer.status in (None, 431)
    quick(secure)


def test_compressed_header_list_is_not_served(connection, secure):
    """A field of 4000 bytes in the table, named a thousand times by one byte each."""
    connection.ask("GET", "/healthz", x_long="a" * 3900)
    stream = connection.h2.get_next_available_stream_id()
    fields = connection.h2.encoder.encode(connection.fields("GET", "/healthz", x_long="a" * 3900))
    connection.write(HeadersFrame(stream, fields + fields[-1:] * 1000, flags=["END_HEADERS", "END_STREAM"]))
    assert connection.ended()
    assert connection.goaway not in (None, ErrorCodes.NO_ERROR)
    quick(secure)


@pytest.mark.parametrize(
    "data", [b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", b"\0" * 64, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    ids=["http1", "zeros", "http2"])
def test_client_without_tls_is_ended(secure, data):
    with socket.create_connection((secure.host, secure.port), timeout=5) as plain:
        plain.sendall(data)
        received = b""
        try:
            while piece := plain.recv(4096):
                received += piece
        except ConnectionResetError:
            pass
        # An alert of TLS at most.
        assert not received.startswith(b"HTTP")
    quick(secure)


def hello():
    """The begin of a handshake."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def test_clients_that_leave_in_the_handshake(secure):
    begin = hello()
    for size in (0, 1, 5, 40, len(begin)):
        for _ in range(5):
            with socket.create_connection((secure.host, secure.port), timeout=5) as plain:
                plain.sendall(begin[:size])
                if size % 2:
                    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    quick(secure)


def test_server_stops_while_connections_are_open(tmp_path, pair):
    with serve(tmp_path, *pair) as server:
        begin = hello()
        silent = [socket.create_connection((server.host, server.port)) for _ in range(3)]
        for size in (1, 40, len(begin)):
            half = socket.create_connection((server.host, server.port))
            half.sendall(begin[:size])
            silent.append(half)
        # With TLS, but without a word of HTTP.
        silent += [handshake(server, ["http/1.1"]), handshake(server, [])]
        for _ in range(2):
            left = socket.create_connection((server.host, server.port))
            left.sendall(begin)
            left.close()
        idle = [Connection(server) for _ in range(3)]
        for connection in idle[1:]:
            assert connection.ask("GET", "/healthz").status == 200
        server.process.send_signal(signal.SIGTERM)
        for connection in idle:
            assert connection.ended()
            assert connection.goaway is not None
        assert server.process.wait(timeout=15) == 0
        for connection in silent + [one.socket for one in idle]:
            connection.close()


@pytest.mark.parametrize("extra", [{"connection": "close"}, {"content_length": "5"}], ids=["field", "length"])
def test_malformed_request_ends_its_stream_only(tmp_path, pair, extra):
    """RFC 9113, 8.1.1: a stream error; other requests of the connection go on."""
    with serve(tmp_path, *pair) as server, Connection(server) as connection:
        upload = begin_upload(connection, server, 1000)
        held = connection.open(
            "POST", f"/2/media/upload/{upload}/append", authorization=server.bearer, content_type=FORM)
        bad = connection.open("POST", "/2/media/upload/initialize", **extra)
        connection.h2.send_data(bad, b"more than five bytes", end_stream=True)
        connection.flush()
        assert connection.until(lambda: connection.answers[bad].reset == ErrorCodes.PROTOCOL_ERROR)
        assert not connection.ended(0.5)
        connection.send(held, segment(bytes(1000), 0))
        assert connection.finish(held)[0].status == 200


def test_late_bodies_of_many_answered_requests(tmp_path, pair):
    """100 parallel uploads with an expired token: all get 401, and the bytes on the way are dropped."""
    with serve(tmp_path, *pair) as server, Connection(server) as connection:
        streams = [connection.open("POST", "/2/media/upload/1/append", content_type=FORM) for _ in range(100)]
        connection.finish(*streams)
        connection.write(*[DataFrame(stream, b"late") for stream in streams])
        assert connection.ask("GET", "/healthz").status == 200
