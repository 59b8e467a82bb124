"""Measures Roost beside its peers, row by row. docs/benchmarks.md says what the numbers mean. Standard library only."""

import argparse
import datetime
import importlib
import os
import platform
import signal
import subprocess
import sys
import tempfile

import results
from servers import Roost

ROWS = ["append", "finalize", "status", "identity", "metadata", "images", "video", "start", "curve"]


class Bench:
    """What the rows share: the programs, a folder on a disk, and how often to measure."""

    def __init__(self, arguments, folder):
        self.rounds = arguments.rounds
        self.count = arguments.count
        self.nginx_buffer = arguments.nginx_buffer
        self.plot = arguments.plot
        self.folder = folder
        self._programs = arguments.programs
        self._peers = arguments.peers

    def program(self, name):
        return os.path.join(self._programs, name)

    def peer(self, name):
        return os.path.join(self._peers, name)

    def roost(self, *options):
        """A server on a folder of its own, to be used in a `with`."""
        return Roost(self._programs, self.folder, *options)


def describe(folder):
    df = subprocess.run(["df", "--output=fstype", folder], check=True, stdout=subprocess.PIPE, text=True)
    with open("/proc/cpuinfo") as file:
        model = next((line.partition(":")[2].strip() for line in file if line.startswith("model name")), platform.machine())
    return (
        f"{datetime.date.today()}, {os.cpu_count()} × {model}, Linux {platform.release()}, {df.stdout.split()[-1]}, "
        f"load {os.getloadavg()[0]:.1f} before")


def main():
    parser = argparse.ArgumentParser(prog="Scripts/bench", description="Measures Roost beside its peers.")
    parser.add_argument("programs", help="the folder with roost, roost-imaging and roost-sandbox, built for release")
    parser.add_argument("peers", help="the folder with EmptyRoute, GroupedCommits and images")
    parser.add_argument("rows", nargs="*", help=f"some of: {' '.join(ROWS)}; all when none is named")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=16, help="segments per connection and measurement of append")
    parser.add_argument("--folder", default="/var/tmp", help="where the data goes; must be a disk, not memory")
    parser.add_argument("--nginx-buffer", default="256k", help="client_body_buffer_size; nginx's own default is 16k")
    parser.add_argument("--json", help="a file for the findings")
    parser.add_argument("--plot", help="a file for the curve, SVG")
    arguments = parser.parse_args()
    if unknown := set(arguments.rows) - set(ROWS):
        parser.error(f"no row is called {', '.join(sorted(unknown))}")

    # So that the servers are stopped and the data is deleted also when somebody ends the run.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    findings = []
    with tempfile.TemporaryDirectory(prefix="roost-bench-", dir=arguments.folder) as folder:
        machine = describe(folder)
        print(machine)
        bench = Bench(arguments, folder)
        for row in arguments.rows or ROWS:
            print(f"{row} …", flush=True)
            found = importlib.import_module(f"rows.{row}").measure(bench)
            for finding in found:
                print("  " + "  ".join(filter(None, finding.cells())), flush=True)
            findings += found
    if findings:
        print("\n" + results.table(findings))
    if arguments.json:
        results.keep(findings, arguments.json, machine)


if __name__ == "__main__":
    main()
