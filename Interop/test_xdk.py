"""The official Python client `xdk`, unmodified, does everything an integrator does."""

import base64
import time
from pathlib import Path

import pytest
import requests
from xdk import Client

SEGMENT = 256 * 1024


@pytest.fixture(scope="module")
def client(server):
    return Client(base_url=server.url, access_token=server.token)


def upload_video(client, path: Path) -> str:
    """Initialize, JSON segments, finalize, and status until the end; returns the media id."""
    data = path.read_bytes()
    begun = client.media.initialize_upload(
        {"media_type": "video/mp4", "media_category": "tweet_video", "total_bytes": len(data)}
    )
    media_id = begun.data.id
    for index, start in enumerate(range(0, len(data), SEGMENT)):
        segment = base64.b64encode(data[start : start + SEGMENT]).decode()
        client.media.append_upload(media_id, {"media": segment, "segment_index": index})
    finalized = client.media.finalize_upload(media_id)
    assert finalized.data.size == len(data)
    deadline = time.monotonic() + 60
    while True:
        info = client.media.get_upload_status(media_id).data.processing_info
        if info.state == "succeeded":
            return media_id
        assert info.state in ("pending", "in_progress") and time.monotonic() < deadline
        time.sleep(min(1, info.check_after_secs))


def upload_photo(client, path: Path):
    media = base64.b64encode(path.read_bytes()).decode()
    return client.media.upload({"media": media, "media_category": "tweet_image"}).data


def test_video_in_segments_is_posted(client, video):
    media_id = upload_video(client, video)
    client.media.create_metadata({"id": media_id, "metadata": {"alt_text": {"text": "Moving colours"}}})
    post = client.posts.create({"text": "A video by xdk", "media": {"media_ids": [media_id]}})
    assert post.data.text.startswith("A video by xdk http")
    found = client.media.get_by_key(f"7_{media_id}", media_fields=["alt_text", "duration_ms", "type", "variants"])
    media = found.data if isinstance(found.data, dict) else found.data.model_dump()
    assert media["alt_text"] == "Moving colours"
    assert abs(media["duration_ms"] - 3000) < 100
    assert requests.get(media["variants"][0]["url"]).headers["content-type"] == "video/mp4"


def test_photo_in_one_request_is_posted(client, photo):
    uploaded = upload_photo(client, photo)
    assert uploaded.media_key == f"3_{uploaded.id}"
    assert uploaded.size == photo.stat().st_size
    post = client.posts.create({"text": "A photo by xdk", "media": {"media_ids": [uploaded.id]}})
    assert post.data.id


def test_lookup_of_several_keys_names_what_is_missing(client, photo):
    uploaded = upload_photo(client, photo)
    found = client.media.get_by_keys([uploaded.media_key, "3_1"], media_fields=["type", "url"])
    assert [media["media_key"] if isinstance(media, dict) else media.media_key for media in found.data] == [
        uploaded.media_key
    ]
    assert len(found.errors) == 1


def test_bad_file_says_why(client):
    with pytest.raises(requests.HTTPError) as failure:
        client.media.upload(
            {"media": base64.b64encode(b"this is no picture").decode(), "media_category": "tweet_image"}
        )
    problem = failure.value.response.json()
    assert failure.value.response.status_code == 400
    assert problem["title"] == "Invalid Request"
    assert problem["errors"][0]["message"]
