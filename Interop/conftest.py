"""A server of the built program for all tests, and files to upload."""

import os
import re
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

BIN = Path(os.environ["ROOST_BIN"])


# Tokens, codes, client secrets and cookies are 32 random bytes in base64url, or follow a user's id (OAuth 1.0a).
SECRET = re.compile(r"(?<![\w-])(?:[\w-]{43}|[0-9]+-[\w-]{32})(?![\w-])", re.ASCII)


def secrets_in(log, passwords=()):
    """What must stand in no line of a server's log."""
    found = [text for text in [*passwords, "Bearer ", "Basic ", "oauth_signature="] if text in log]
    return found + [text for text in SECRET.findall(log) if all(re.search(kind, text) for kind in ("[0-9]", "[A-Z]", "[a-z]"))]


@dataclass
class Server:
    """A running server, its data folder, a token for it, and the passwords that were typed."""

    url: str
    token: str
    data: Path
    passwords: list


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """Starts `roost serve` on an empty data folder and a free port; stops it at the end, and it must end well, and have
    logged no secret."""
    folder = tmp_path_factory.mktemp("data")
    log = open(folder.parent / "server.log", "w")
    process = subprocess.Popen(
        [BIN / "roost", "serve", "--data", folder, "--port", "0", "--log-level", "trace"],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    passwords = []
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
        yield Server(url, token, folder, passwords)
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        written = (folder.parent / "server.log").read_text()
        assert "Answered" in written
        assert not secrets_in(written, passwords)


@pytest.fixture(scope="session")
def roost(server):
    """Runs a command of the program on the server's data folder; returns what it prints."""

    def run(*arguments, input=""):
        server.passwords += input.split("\n")[:1] if input else []
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
