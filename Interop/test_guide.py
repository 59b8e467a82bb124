"""Every curl of X's chunked upload guide runs as it is written there."""

import json
import re
import subprocess
import time
from pathlib import Path

import pytest

GUIDE = Path(__file__).parent / "guide"


@pytest.fixture
def step(server, video):
    """Runs a step of the guide with only host, token, file, size and id replaced; returns its answer's text."""

    def run(name: str, media_id: str = "1880028106020515840") -> str:
        command = (GUIDE / f"{name}.sh").read_text()
        command = command.replace("https://api.x.com", server.url)
        command = command.replace("<YOUR_ACCESS_TOKEN>", server.token)
        command = command.replace("/path/to/your/media/file.mp4", str(video))
        command = command.replace("total_bytes=1024", f"total_bytes={video.stat().st_size}")
        command = command.replace("1880028106020515840", media_id)
        # The guide lacks the backslash after the post's last header.
        command = re.sub(r"(Bearer [^']*')\n--data", r"\1 \\\n--data", command)
        return subprocess.check_output(["bash", "-c", command.replace("curl ", "curl --silent --fail-with-body ", 1)], text=True)

    return run


def test_guide_from_init_to_post(step, video):
    begun = json.loads(step("1-init"))["data"]
    media_id = begun["id"]
    assert begun["media_key"] == f"13_{media_id}"
    assert 1295990 <= begun["expires_after_secs"] <= 1295999

    assert step("2-append", media_id) == ""

    finalized = json.loads(step("3-finalize", media_id))["data"]
    assert finalized["size"] == video.stat().st_size
    assert 86390 <= finalized["expires_after_secs"] <= 86400
    assert finalized["processing_info"]["state"] in ("pending", "in_progress", "succeeded")

    for _ in range(60):
        info = json.loads(step("4-status", media_id))["data"]["processing_info"]
        if info["state"] == "succeeded":
            break
        assert info["state"] in ("pending", "in_progress"), info
        time.sleep(0.5)
    assert info["state"] == "succeeded"

    post = json.loads(step("5-post", media_id))["data"]
    assert post["text"].startswith("I made a post with media! http")
    assert post["edit_history_tweet_ids"] == [post["id"]]
