"""Status of an upload, with a token, beside an empty route of the same HTTP library."""

import contextlib
import signal
import subprocess
import time
import urllib.request

from results import Finding, median_of
from servers import free_port, stop
from wrk import requests_per_second

BUDGET = 0.5
CONNECTIONS, SECONDS = 16, 4


def measure(bench):
    # The peer logs nothing either.
    with bench.roost("--log-level", "warning") as roost, empty_route(bench) as peer:
        upload = roost.initialize(1 << 20)
        url = f"http://127.0.0.1:{roost.port}/2/media/upload?media_id={upload}"
        headers = [f"Authorization: Bearer {roost.token}"]
        pairs = []
        for turn in range(bench.rounds):
            # Who comes first changes from round to round.
            order = [(0, url, headers), (1, peer, [])]
            found = [0.0, 0.0]
            for index, address, more in order if turn % 2 == 0 else reversed(order):
                found[index] = requests_per_second(address, CONNECTIONS, SECONDS, more)
            pairs.append(found)
    ours, theirs = zip(*pairs)
    return [
        Finding(
            "status, keep-alive", f"{median_of(ours)} requests/s", f"{median_of(theirs)} requests/s (empty route)",
            [our / their for our, their in pairs], BUDGET, is_limit=False)]


@contextlib.contextmanager
def empty_route(bench):
    port = free_port()
    process = subprocess.Popen(
        [bench.peer("EmptyRoute"), str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/empty"
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(url).close()
                break
            time.sleep(0.05)
        yield url
    finally:
        stop(process, signal.SIGTERM)
