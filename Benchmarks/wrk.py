"""wrk, a load generator in C (https://github.com/wg/wrk, Debian package `wrk`), and what it says."""

import re
import subprocess


def requests_per_second(url, connections, seconds, headers=(), script=None):
    """Keep-alive requests answered in a second; an answer other than 2xx or a broken connection is an error."""
    line = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
    for header in headers:
        line += ["--header", header]
    if script:
        line += ["--script", script]
    output = subprocess.run([*line, url], check=True, stdout=subprocess.PIPE, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
