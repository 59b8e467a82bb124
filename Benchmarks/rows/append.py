"""Append beside nginx `PUT` of the same bytes to the same disk in the same run, and the server's memory meanwhile."""

import base64
import hashlib
import os
import time
from collections import Counter
from dataclasses import dataclass

from load import send_all
from results import Finding, median_of
from servers import Nginx

MIB = 1 << 20
SEGMENT_BYTES = 4 * MIB
CONNECTIONS = 8
BUDGET_RATIO, BUDGET_CPU, BUDGET_JSON, BUDGET_MIB = 0.9, 1.5, 0.5, 64


class Segment:
    """Random bytes with everything about them that a request or a check needs."""

    def __init__(self, size=SEGMENT_BYTES):
        self.bytes = os.urandom(size)
        self.base64 = base64.b64encode(self.bytes)
        self.sha256 = hashlib.sha256(self.bytes).digest()
        self.crc32c = f"{crc32c(self.bytes):08x}"


def crc32c(data):
    """CRC-32C (RFC 3720, appendix B.4), a byte at a time: slow, and shares no line with what it checks."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


@dataclass
class Sample:
    """One measurement."""

    rate: float
    # With the time until the system had written everything to the disk.
    synced_rate: float
    cpu_per_gigabyte: float
    peak_bytes: int


def multipart(roost, upload, index, segment):
    return roost.multipart(upload, index, segment.bytes)


def json(roost, upload, index, segment):
    return roost.json(upload, index, segment.base64)


def measure(bench):
    segments = [Segment() for _ in range(CONNECTIONS)]
    cases = {
        "eight uploads": lambda roost, count: append(roost, multipart, segments, CONNECTIONS, count),
        "one upload": lambda roost, count: append(roost, multipart, segments, 1, count),
        "eight uploads, JSON": lambda roost, count: append(roost, json, segments, CONNECTIONS, count),
    }
    with bench.roost() as roost, Nginx(bench.folder, bench.nginx_buffer) as nginx:
        pairs = {name: [] for name in cases}
        for case in cases.values():
            case(roost, 1)
        put(nginx, segments, 1)
        for turn in range(bench.rounds):
            for name, case in cases.items():
                # Who comes second finds the disk and the caches as the first left them: take turns.
                order = [lambda: case(roost, bench.count), lambda: put(nginx, segments, bench.count)]
                if turn % 2 == 0:
                    pairs[name].append((order[0](), order[1]()))
                else:
                    pairs[name].append((order[1](), order[0]())[::-1])
    findings = [finding for name in ("eight uploads", "one upload") for finding in beside_nginx(name, pairs[name])]
    multipart_rates, json_rates = ([our.rate for our, _ in pairs[name]] for name in ("eight uploads", "eight uploads, JSON"))
    findings.append(
        Finding(
            "append in JSON against multipart", f"{median_of(json_rates)} MB/s", f"{median_of(multipart_rates)} MB/s (multipart)",
            [j / m for j, m in zip(json_rates, multipart_rates)], BUDGET_JSON, is_limit=False))
    return findings + memory(bench, segments)


def beside_nginx(name, pairs):
    ours, theirs = zip(*pairs)
    return [
        Finding(
            f"append, {name}, 4 MiB × 8", f"{median_of([our.rate for our in ours])} MB/s",
            f"{median_of([their.rate for their in theirs])} MB/s (nginx `PUT`)",
            [our.rate / their.rate for our, their in pairs], BUDGET_RATIO, is_limit=False),
        Finding(
            f"append, {name}, until all is on the disk", f"{median_of([our.synced_rate for our in ours])} MB/s",
            f"{median_of([their.synced_rate for their in theirs])} MB/s (nginx `PUT`, then `sync`)",
            [our.synced_rate / their.synced_rate for our, their in pairs], BUDGET_RATIO, is_limit=False),
        Finding(
            f"append, {name}, CPU", f"{median_of([our.cpu_per_gigabyte for our in ours], 2)} CPU-s/GB",
            f"{median_of([their.cpu_per_gigabyte for their in theirs], 2)} CPU-s/GB (nginx)",
            [our.cpu_per_gigabyte for our in ours], BUDGET_CPU, is_limit=True, unit="CPU-s/GB"),
    ]


def memory(bench, segments):
    """The server's most resident memory with 64 appends at once, each in a server that has just started."""
    findings = []
    for name, request in (("multipart", multipart), ("JSON", json)):
        with bench.roost() as roost:
            cold = roost.processes.resident_bytes() / MIB
            peaks = [append(roost, request, segments * 8, 64, 8).peak_bytes / MIB for _ in range(2)]
        findings.append(
            Finding(
                f"memory, 64 appends at once, {name}", f"{max(peaks):.0f} MiB", f"{cold:.0f} MiB (before the first request)",
                [max(peaks)], BUDGET_MIB, is_limit=True, unit="MiB"))
    return findings


def sample(server, plans, size):
    """Sends the plans and measures the server meanwhile; what others left unwritten is written before."""
    os.sync()
    server.processes.forget_peak()
    cpu = server.processes.cpu_seconds()
    seconds = send_all(server.port, plans)
    cpu = server.processes.cpu_seconds() - cpu
    peak = server.processes.peak_bytes()
    written = time.perf_counter()
    os.sync()
    synced = seconds + time.perf_counter() - written
    return Sample(size / seconds / 1e6, size / synced / 1e6, cpu / (size / 1e9), peak)


def check_files(paths, expected):
    """The files hold the expected segments, each as often as it was sent."""
    found = Counter()
    for path in paths:
        with open(path, "rb") as file:
            found[hashlib.file_digest(file, "sha256").digest()] += 1
    if found != Counter(segment.sha256 for segment in expected):
        raise RuntimeError("the stored bytes are not those that were sent")


def append(roost, request, segments, uploads, count):
    """Measures `count` appends on each of the connections, to as many uploads; checks and deletes them.

    Connection c works on upload c modulo the number of uploads.
    """
    connections, size = len(segments), len(segments[0].bytes)
    share = connections // uploads
    ids = [roost.initialize(share * count * size) for _ in range(uploads)]
    sent = {id: {} for id in ids}
    plans = []
    for connection, segment in enumerate(segments):
        upload, first = ids[connection % uploads], connection // uploads
        indexes = range(first, share * count, share)
        sent[upload].update(dict.fromkeys(indexes, segment))
        plans.append([request(roost, upload, index, segment) for index in indexes])
    found = sample(roost, plans, connections * count * size)
    for id, expected in sent.items():
        told = {index: (size, segment.crc32c) for index, segment in expected.items()}
        if roost.segments(id) != told:
            raise RuntimeError(f"upload {id}: status does not tell the segments that were sent")
        check_files(roost.files(id), expected.values())
        roost.abort(id)
    return found


def put(nginx, segments, count):
    """Measures `count` PUTs on each of the connections; checks and deletes the files."""
    plans = [
        [nginx.put(f"{connection}-{index}", segment.bytes) for index in range(count)]
        for connection, segment in enumerate(segments)]
    found = sample(nginx, plans, len(segments) * count * len(segments[0].bytes))
    check_files(nginx.files(), [segment for segment in segments for _ in range(count)])
    nginx.clear()
    return found
