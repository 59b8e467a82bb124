"""Measures append beside nginx `PUT` of the same bytes to the same disk in the same run, and checks what was stored.

docs/benchmarks.md says what the numbers mean. Standard library only.
"""

import argparse
import base64
import contextlib
import datetime
import hashlib
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass

from load import send_all
from servers import Nginx, Roost

MIB = 1 << 20
SEGMENT_BYTES = 4 * MIB
CONNECTIONS = 8
# For these the budgets of the design hold.
BUDGETS = {"throughput": 0.9, "JSON": 0.5, "CPU": 1.5, "memory": 64}


class Segment:
    """Random bytes with everything about them that a request or a check needs."""

    def __init__(self):
        self.bytes = os.urandom(SEGMENT_BYTES)
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

    megabytes_per_second: float
    # With the time until the system had written everything to the disk.
    synced_megabytes_per_second: float
    cpu_seconds_per_gigabyte: float
    peak_bytes: int


def measure(server, plans):
    """Sends the plans and measures the server meanwhile; what others left unwritten is written before."""
    os.sync()
    size = sum(map(len, plans)) * SEGMENT_BYTES
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

    Connection c works on upload c modulo the number of uploads; `request` is a method of `Roost`.
    """
    connections = len(segments)
    share = connections // uploads
    ids = [roost.initialize(share * count * SEGMENT_BYTES) for _ in range(uploads)]
    sent = {id: {} for id in ids}
    plans = []
    for connection, segment in enumerate(segments):
        upload, first = ids[connection % uploads], connection // uploads
        indexes = range(first, share * count, share)
        sent[upload].update(dict.fromkeys(indexes, segment))
        plans.append([request(upload, index, segment) for index in indexes])
    sample = measure(roost, plans)
    for id, expected in sent.items():
        told = {index: (SEGMENT_BYTES, segment.crc32c) for index, segment in expected.items()}
        if roost.segments(id) != told:
            raise RuntimeError(f"upload {id}: status does not tell the segments that were sent")
        check_files(roost.files(id), expected.values())
        roost.abort(id)
    return sample


def put(nginx, segments, count):
    """Measures `count` PUTs on each of the connections; checks and deletes the files."""
    plans = [
        [nginx.put(f"{connection}-{index}", segment) for index in range(count)]
        for connection, segment in enumerate(segments)]
    sample = measure(nginx, plans)
    check_files(nginx.files(), [segment for segment in segments for _ in range(count)])
    nginx.clear()
    return sample


def median(samples, field):
    return statistics.median(getattr(sample, field) for sample in samples)


def print_case(name, pairs, smallest_ratio):
    """The medians of a case; `pairs` are (Roost, nginx) of a round."""
    ours, theirs = zip(*pairs)
    print(f"\n{name}")
    for label, samples in (("Roost", ours), ("nginx", theirs)):
        print(
            f"  {label}  {median(samples, 'megabytes_per_second'):5.0f} MB/s"
            f"  ({median(samples, 'synced_megabytes_per_second'):4.0f} with the final sync)"
            f"  {median(samples, 'cpu_seconds_per_gigabyte'):5.2f} CPU-s/GB"
            f"  {max(sample.peak_bytes for sample in samples) / MIB:4.0f} MiB at most")
    ratios = [our.megabytes_per_second / their.megabytes_per_second for our, their in pairs]
    ratio = statistics.median(ratios)
    verdict = f"  (budget ≥ {smallest_ratio}: {word(ratio >= smallest_ratio)})" if smallest_ratio else ""
    print(f"  ratio  {ratio:.2f}{verdict}  rounds: {' '.join(f'{ratio:.2f}' for ratio in ratios)}")


def word(met):
    return "met" if met else "missed"


def describe(arguments, nginx, folder):
    df = subprocess.run(["df", "--output=fstype", folder], check=True, stdout=subprocess.PIPE, text=True)
    disk = df.stdout.split()[-1]
    with open("/proc/cpuinfo") as file:
        model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), platform.machine())
    print(
        f"{datetime.date.today()}  {os.cpu_count()} × {model}, shared with the load generator; Linux {platform.release()}; "
        f"{disk}; {nginx.version} with client_body_buffer_size {arguments.nginx_buffer}; load {os.getloadavg()[0]:.1f}")
    print(
        f"{arguments.rounds} rounds of {CONNECTIONS} connections × {arguments.count} segments × {SEGMENT_BYTES // MIB} MiB; "
        "medians; Roost: synchronized, checksummed, recorded before each answer; nginx: none of it")


def main():
    parser = argparse.ArgumentParser(description="Append throughput and memory beside nginx PUT.")
    parser.add_argument("binaries", help="the folder with roost, roost-imaging and roost-sandbox, built for release")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=32, help="segments per connection and measurement")
    parser.add_argument("--folder", default="/var/tmp", help="where the data goes; must be a disk, not memory")
    parser.add_argument("--nginx-buffer", default="256k", help="client_body_buffer_size; nginx's own default is 16k")
    arguments = parser.parse_args()

    # So that the servers are stopped and the data is deleted also when somebody ends the run.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    segments = [Segment() for _ in range(CONNECTIONS)]
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="roost-bench-", dir=arguments.folder))
        roost = Roost(arguments.binaries, folder)
        stack.callback(roost.stop)
        nginx = Nginx(folder, arguments.nginx_buffer)
        stack.callback(nginx.stop)
        describe(arguments, nginx, folder)
        cold = roost.processes.resident_bytes()

        # name, smallest ratio to nginx, measurement
        cases = [
            ("eight uploads, multipart", BUDGETS["throughput"],
                lambda count: append(roost, roost.multipart, segments, CONNECTIONS, count)),
            ("one upload, multipart", BUDGETS["throughput"],
                lambda count: append(roost, roost.multipart, segments, 1, count)),
            ("eight uploads, JSON with base64", None,
                lambda count: append(roost, roost.json, segments, CONNECTIONS, count)),
        ]
        pairs = {name: [] for name, _, _ in cases}
        for _, _, ours in cases:
            ours(1)
        put(nginx, segments, 1)
        for turn in range(arguments.rounds):
            for name, _, ours in cases:
                # Who comes second finds the disk and the caches as the first left them: take turns.
                if turn % 2 == 0:
                    our = ours(arguments.count)
                    their = put(nginx, segments, arguments.count)
                else:
                    their = put(nginx, segments, arguments.count)
                    our = ours(arguments.count)
                pairs[name].append((our, their))
        for name, smallest_ratio, _ in cases:
            print_case(name, pairs[name], smallest_ratio)

        multipart, json = (
            [our.megabytes_per_second for our, _ in pairs[name]] for name in (cases[0][0], cases[2][0]))
        ratio = statistics.median(j / m for j, m in zip(json, multipart))
        print(f"\nJSON to multipart  {ratio:.2f}  (budget ≥ {BUDGETS['JSON']}: {word(ratio >= BUDGETS['JSON'])})")
        cpu = median([our for our, _ in pairs[cases[0][0]]], "cpu_seconds_per_gigabyte")
        print(f"CPU, eight uploads  {cpu:.2f} CPU-s/GB  (budget ≤ {BUDGETS['CPU']}: {word(cpu <= BUDGETS['CPU'])})")

        print(f"\nmemory of the server with 64 appends at once (before the first request: {cold / MIB:.0f} MiB)")
        for name, request in (("multipart", roost.multipart), ("JSON", roost.json)):
            peak = append(roost, request, segments * 8, 64, 8).peak_bytes / MIB
            print(f"  {name}: {peak:.0f} MiB  (budget ≤ {BUDGETS['memory']}: {word(peak <= BUDGETS['memory'])})")


if __name__ == "__main__":
    main()
