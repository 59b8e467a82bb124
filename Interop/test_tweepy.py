"""tweepy, unmodified, signs with OAuth 1.0a; only the host is another one."""

import pytest
import requests
import tweepy

from oauth1_app import Detour, create_app, create_token


class Account:
    """The clients of one user: v1.1 and v2."""

    def __init__(self, server, name, *options):
        app = create_app(server, name, *options)
        token = create_token(server, name)
        keys = (app["consumer_key"], app["consumer_secret"], token["oauth_token"], token["oauth_token_secret"])
        self.api = tweepy.API(tweepy.OAuth1UserHandler(*keys))
        self.api.session.mount("https://", Detour(server.url))
        self.client = tweepy.Client(
            consumer_key=keys[0], consumer_secret=keys[1], access_token=keys[2], access_token_secret=keys[3])
        self.client.session.mount("https://", Detour(server.url))


@pytest.fixture(scope="module")
def account(server):
    return Account(server, "tweepy")


def test_credentials(account):
    user = account.api.verify_credentials()
    assert user.screen_name == "interop"
    assert account.client.get_me(user_auth=True).data.username == "interop"


def test_video_in_segments_is_posted_by_v2(account, server, video):
    media = account.api.media_upload(str(video), chunked=True, media_category="tweet_video", chunk_size=256 * 1024)
    assert media.processing_info["state"] == "succeeded"
    assert media.size == video.stat().st_size
    assert media.media_id_string == str(media.media_id)
    account.api.create_media_metadata(media.media_id, "Moving colours")
    post = account.client.create_tweet(text="A video by tweepy, with äöü & +", media_ids=[media.media_id])
    assert post.data["text"].startswith("A video by tweepy, with äöü & + http")
    found = requests.get(
        f"{server.url}/2/media/{media.media_key}?media.fields=alt_text",
        headers={"Authorization": f"Bearer {server.token}"})
    assert found.json()["data"]["alt_text"] == "Moving colours"


def test_photo_in_one_request_is_posted_by_both_versions(account, photo):
    media = account.api.media_upload(str(photo))
    assert media.image == {"image_type": "image/jpeg", "w": 1266, "h": 792}
    assert media.media_key == f"3_{media.media_id}"
    post = account.client.create_tweet(media_ids=[media.media_id])
    assert post.data["id"]
    status = account.api.update_status("Old & new +1: äöü~*'()!", media_ids=[media.media_id])
    assert status.text.startswith("Old & new +1: äöü~*'()! http")
    assert status.extended_entities["media"][0]["id"] == media.media_id
    assert status.author.screen_name == "interop"


def test_bad_file_says_why(account, tmp_path):
    path = tmp_path / "text.jpg"
    path.write_text("this is no picture")
    with pytest.raises(tweepy.BadRequest) as failure:
        account.api.media_upload(str(path))
    assert set(failure.value.api_codes) == {324}
    assert failure.value.api_messages[0]


def test_wrong_secret_is_refused(account, server):
    api = tweepy.API(tweepy.OAuth1UserHandler("nobody", "a", "b", "c"))
    api.session.mount("https://", Detour(server.url))
    with pytest.raises(tweepy.Unauthorized) as failure:
        api.verify_credentials()
    assert failure.value.api_codes == [32]


def test_read_only_app_reads_and_is_refused_writing(server, photo):
    account = Account(server, "tweepy-reader", "--permission", "read")
    assert account.client.get_me(user_auth=True).data.username == "interop"
    with pytest.raises(tweepy.Forbidden) as failure:
        account.api.media_upload(str(photo))
    assert failure.value.api_codes == [261]
    with pytest.raises(tweepy.Forbidden) as failure:
        account.client.create_tweet(text="refused")
    assert "oauth1 app permissions" in str(failure.value)
