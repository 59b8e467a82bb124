"""Requests with a bearer token and signed ones, beside the same request without credentials."""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from urllib.parse import quote

from results import Finding, median_of
from wrk import requests_per_second

BUDGET_BEARER, BUDGET_SIGNED = 0.8, 0.6
CONNECTIONS, SECONDS = 16, 4
# More than the fastest server answers in one measurement: no signature is good twice.
SIGNATURES = 120_000

# The header of each request is the next line of a file; without credentials the line is empty. All three are sent by the
# same script, so that wrk costs the same.
SCRIPT = """
local lines = {{}}
for line in io.lines("{path}") do lines[#lines + 1] = line end
local next = 0
request = function()
  next = next % #lines + 1
  local headers = {{ ["If-None-Match"] = '{etag}' }}
  if lines[next] ~= "" then headers["Authorization"] = lines[next] end
  return wrk.format("GET", "{path_of_request}", headers)
end
"""


def measure(bench):
    # What is asked for is public and the client has it already: a row is read, and 304 answered. So credentials are most
    # of what differs.
    with bench.roost("--log-level", "warning") as roost:
        client = Client(roost)
        path, etag = client.public_picture(bench)
        url = f"http://127.0.0.1:{roost.port}{path}"
        client.check(path)
        rounds = []
        for turn in range(bench.rounds):
            kinds = ["none", "bearer", "signed"]
            found = {}
            for kind in kinds if turn % 2 == 0 else reversed(kinds):
                lines = client.lines(kind, path)
                with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
                    file, script = os.path.join(folder, "lines"), os.path.join(folder, "script.lua")
                    with open(file, "w") as out:
                        out.write("\n".join(lines) + "\n")
                    with open(script, "w") as out:
                        out.write(SCRIPT.format(path=file, etag=etag, path_of_request=path))
                    found[kind] = requests_per_second(url, CONNECTIONS, SECONDS, script=script)
                    if kind == "signed" and found[kind] * SECONDS * 1.1 > SIGNATURES:
                        raise RuntimeError("the signatures ran out; raise SIGNATURES")
            rounds.append(found)
    bare = [found["none"] for found in rounds]
    findings = []
    for kind, what, budget in [
            ("bearer", "requests with a bearer token", BUDGET_BEARER),
            ("signed", "requests signed with OAuth 1.0a", BUDGET_SIGNED)]:
        ours = [found[kind] for found in rounds]
        findings.append(
            Finding(
                what, f"{median_of(ours)} requests/s", f"{median_of(bare)} requests/s (no credentials)",
                [our / none for our, none in zip(ours, bare)], budget, is_limit=False))
    return findings


class Client:
    """An app and a user's tokens of both kinds."""

    def __init__(self, roost):
        self._roost = roost
        self._app = roost.run("app", "create", "bench", "--json")
        self._token = roost.run("token", "create", "--oauth1", "--app", "bench", "--user", "bench", "--json")
        self._bearer = roost.run("token", "create", "--user", "bench", "--json")["access_token"]
        self._origin = f"http://127.0.0.1:{roost.port}"
        self._count = 0

    def public_picture(self, bench):
        """Posts a small picture; its path and entity tag."""
        path = os.path.join(bench.folder, "small.jpg")
        subprocess.run(
            ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=64x48", "-frames:v", "1", path],
            check=True)
        with open(path, "rb") as file:
            _, ids = self._roost.one_shots(file.read(), 1, 1)
        self._roost.wait_until_processed(ids[0], expected="succeeded")
        self._json("POST", "/2/tweets", {"media": {"media_ids": ids}})
        found = self._json("GET", f"/2/media/3_{ids[0]}?media.fields=url")
        path = found["data"]["url"].removeprefix(self._origin)
        with urllib.request.urlopen(self._origin + path) as response:
            return path, response.headers["ETag"]

    def check(self, path):
        """A signature is accepted, and a wrong one is not: what is measured is verified."""
        for wrong, expected in [(False, 200), (True, 401)]:
            header = self.signed("/2/users/me")
            if wrong:
                header = header.replace('oauth_version="1.0"', 'oauth_version="1.0", oauth_changed="1"')
            request = urllib.request.Request(self._origin + "/2/users/me", headers={"Authorization": header})
            try:
                with urllib.request.urlopen(request) as response:
                    status = response.status
            except urllib.error.HTTPError as error:
                status = error.code
            if status != expected:
                raise RuntimeError(f"a signed request was answered {status}, not {expected}")

    def lines(self, kind, path):
        if kind == "none":
            return [""]
        if kind == "bearer":
            return [f"Bearer {self._bearer}"]
        return [self.signed(path) for _ in range(SIGNATURES)]

    def signed(self, path):
        """The Authorization header of a GET, RFC 5849."""
        self._count += 1
        values = {
            "oauth_consumer_key": self._app["consumer_key"], "oauth_nonce": str(self._count),
            "oauth_signature_method": "HMAC-SHA1", "oauth_timestamp": str(int(time.time())),
            "oauth_token": self._token["oauth_token"], "oauth_version": "1.0"}
        normalized = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted(values.items()))
        base = f"GET&{quote(self._origin + path, safe='')}&{quote(normalized, safe='')}"
        key = f"{self._app['consumer_secret']}&{self._token['oauth_token_secret']}"
        signature = base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()
        values["oauth_signature"] = signature
        return "OAuth " + ", ".join(f'{name}="{quote(value, safe="")}"' for name, value in values.items())

    def _json(self, method, path, body=None):
        request = urllib.request.Request(
            self._origin + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self._bearer}", "Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)
