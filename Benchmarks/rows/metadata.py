"""Alt text for 32 media at once, each durable when answered, beside a bare GRDB loop that commits 32 rows at a time."""

import os
import subprocess
import tempfile

from results import Finding, median_of
from wrk import requests_per_second

BUDGET = 0.3
CONNECTIONS, SECONDS = 32, 4

# wrk's own language; every connection asks for another media in turn.
SCRIPT = """
local ids = {{ {ids} }}
local count = 0
wrk.method = "POST"
wrk.path = "/2/media/metadata"
wrk.headers["Authorization"] = "Bearer {token}"
wrk.headers["Content-Type"] = "application/json"
request = function()
  count = count + 1
  local body = '{{"id":"' .. ids[count % #ids + 1] .. '","metadata":{{"alt_text":{{"text":"update ' .. count .. ' of a row"}}}}}}'
  return wrk.format(nil, nil, nil, body)
end
"""


def measure(bench):
    # The peer logs nothing either.
    with bench.roost("--log-level", "warning") as roost:
        photo = os.path.join(bench.folder, "small.jpg")
        subprocess.run(
            ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1", photo],
            check=True)
        with open(photo, "rb") as file:
            _, uploads = roost.one_shots(file.read(), CONNECTIONS, connections=2)
        script = os.path.join(bench.folder, "metadata.lua")
        with open(script, "w") as file:
            file.write(SCRIPT.format(ids=", ".join(f'"{upload}"' for upload in uploads), token=roost.token))
        pairs = []
        for turn in range(bench.rounds):
            order = [lambda: ours(roost, script), lambda: theirs(bench)]
            if turn % 2 == 0:
                pairs.append((order[0](), order[1]()))
            else:
                pairs.append((order[1](), order[0]())[::-1])
        for upload in uploads:
            text = roost.call("GET", f"/2/media/3_{upload}?media.fields=alt_text").get("alt_text", "")
            if not text.startswith("update "):
                raise RuntimeError(f"the alt text of {upload} is {text!r}")
    mine, peers = zip(*pairs)
    return [
        Finding(
            "metadata, 32 at once", f"{median_of(mine)} requests/s", f"{median_of(peers)} rows/s (bare GRDB)",
            [our / their for our, their in pairs], BUDGET, is_limit=False)]


def ours(roost, script):
    return requests_per_second(f"http://127.0.0.1:{roost.port}", CONNECTIONS, SECONDS, script=script)


def theirs(bench):
    with tempfile.TemporaryDirectory(dir=bench.folder) as folder:
        output = subprocess.run(
            [bench.peer("GroupedCommits"), folder, str(SECONDS)], check=True, stdout=subprocess.PIPE, text=True)
        return float(output.stdout)
