"""A server of the built program for all tests, and files to upload."""

import os
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

BIN = Path(os.environ["ROOST_BIN"])


@dataclass
class Server:
    """A running server, its data folder and a token for it."""

    url: str
    token: str
    data: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Starts `roost serve` on an empty data folder and a free port; stops it at the end, and it must end well."""
    folder = tmp_path_factory.mktemp("data")
    log = open(folder.parent / "server.log", "w")
    process = subprocess.Popen(
        [BIN / "roost", "serve", "--data", folder, "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True
    )
    try:
        url = None
        for line in process.stdout:
            if match := re.match(r"Roost serves .* at (http\S+)", line):
                url = match[1]
                break
        assert url, f"the server did not start: {(folder.parent / 'server.log').read_text()}"
        token = subprocess.check_output(
            [BIN / "roost", "token", "create", "--data", folder, "--user", "interop"], text=True
        ).strip()
        yield Server(url, token, folder)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


@pytest.fixture(scope="session")
def roost(server):
    """Runs a command of the program on the server's data folder; returns what it prints."""

    def run(*arguments, input=""):
        return subprocess.run(
            [BIN / "roost", *arguments, "--data", server.data], input=input, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    return run


@pytest.fixture(scope="session")
def video(tmp_path_factory):
    """Three seconds of 720p H.264 and AAC."""
    path = tmp_path_factory.mktemp("media") / "video.mp4"
    subprocess.check_call(
        "ffmpeg -v error -f lavfi -i testsrc2=size=1280x720:rate=30:duration=3 -f lavfi -i sine=duration=3 "
        "-c:v libx264 -preset veryfast -pix_fmt yuv420p -c:a aac -shortest".split() + [path]
    )
    return path


@pytest.fixture(scope="session")
def photo(tmp_path_factory):
    """A photo."""
    path = tmp_path_factory.mktemp("media") / "photo.jpg"
    subprocess.check_call(f"ffmpeg -v error -f lavfi -i testsrc2=size=1266x793 -frames:v 1 {path}".split())
    return path
