"""An app of OAuth 1.0a at the test's server, and an adapter that leads X's hosts there."""

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from requests.adapters import HTTPAdapter

BIN = Path(os.environ["ROOST_BIN"])


class Detour(HTTPAdapter):
    """Sends requests for X's hosts to another server; everything else of them, the signature too, stays as it is."""

    def __init__(self, url):
        super().__init__()
        self._url = urlsplit(url)

    def send(self, request, **options):
        there = urlsplit(request.url)
        request.url = there._replace(scheme=self._url.scheme, netloc=self._url.netloc).geturl()
        options["verify"] = False
        return super().send(request, **options)


def roost(server, *arguments):
    """Runs a command beside the server and returns what it prints, read as JSON."""
    return json.loads(subprocess.check_output([BIN / "roost", *arguments, "--data", server.data, "--json"], text=True))


def create_app(server, name, *options):
    """consumer_key, consumer_secret and the others."""
    return roost(server, "app", "create", name, *options)


def create_token(server, app, user="interop"):
    """oauth_token and oauth_token_secret."""
    return roost(server, "token", "create", "--oauth1", "--app", app, "--user", user)
