"""Finalize of 1 GiB beside finalize of 10 MiB, both in 256 segments: its cost must not grow with the bytes."""

import time

from load import send_all
from results import Finding, median_of

SEGMENTS = 256
SMALL, LARGE = 10 << 20, 1 << 30
BUDGET = 2


def measure(bench):
    with bench.roost("--profile", "open") as roost:
        pairs = []
        finalize(roost, SMALL)
        for turn in range(bench.rounds):
            sizes = (SMALL, LARGE) if turn % 2 == 0 else (LARGE, SMALL)
            times = {size: finalize(roost, size) for size in sizes}
            pairs.append((times[SMALL], times[LARGE]))
    small, large = zip(*pairs)
    return [
        Finding(
            "finalize, 1 GiB against 10 MiB", f"{median_of(large, 1)} ms", f"{median_of(small, 1)} ms (10 MiB)",
            [after / before for before, after in pairs], BUDGET, is_limit=True)]


def finalize(roost, size):
    """Milliseconds until finalize is answered; checks what the server says it has, and deletes it."""
    segment = bytes(size // SEGMENTS)
    upload = roost.initialize(size)
    plans = [
        [roost.multipart(upload, index, segment) for index in range(connection, SEGMENTS, 8)] for connection in range(8)]
    send_all(roost.port, plans)
    if len(roost.segments(upload)) != SEGMENTS:
        raise RuntimeError("segments are missing")
    began = time.perf_counter()
    answer = roost.call("POST", f"/2/media/upload/{upload}/finalize")
    elapsed = (time.perf_counter() - began) * 1000
    if answer["size"] != size:
        raise RuntimeError(f"finalize says {answer}")
    # Zeros are no video: its job ends at once, after it has composed all bytes.
    roost.wait_until_processed(upload)
    roost.remove(upload)
    return elapsed
