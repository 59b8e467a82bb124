"""From the start of the program to its first answer, on a data folder that has been used before."""

import http.client
import os
import signal
import socket
import subprocess
import time

from results import Finding, median_of
from servers import free_port, stop

BUDGET_MILLISECONDS = 150


def measure(bench):
    folder = os.path.join(bench.folder, "start")
    milliseconds = [start(bench, folder) for _ in range(2 * bench.rounds + 1)][1:]
    return [
        Finding(
            "cold start to the first answer", f"{median_of(milliseconds)} ms", "", milliseconds, BUDGET_MILLISECONDS,
            is_limit=True, unit="ms")]


def start(bench, folder):
    """Milliseconds from fork to the answer of a first request; the client tries to connect without pause."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [bench.program("roost"), "serve", "--data", folder, "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
                connection.request("GET", "/2/media/upload?media_id=1")
                # Without a token: an answer of the API itself, and no work behind it.
                status = connection.getresponse().status
                elapsed = time.perf_counter() - began
                connection.close()
                if status != 401:
                    raise RuntimeError(f"answered {status}")
                return elapsed * 1000
            except (ConnectionError, socket.timeout):
                if process.poll() is not None or time.perf_counter() - began > 30:
                    raise RuntimeError("roost did not start")
                time.sleep(0.001)
    finally:
        stop(process, signal.SIGTERM)
