"""The official Python client with OAuth 1.0a."""

import base64

import pytest
from xdk import Client
from xdk.oauth1_auth import OAuth1

from oauth1_app import create_app, create_token


@pytest.fixture(scope="module")
def client(server):
    app = create_app(server, "xdk-oauth1")
    token = create_token(server, "xdk-oauth1")
    return Client(
        base_url=server.url,
        auth=OAuth1(
            app["consumer_key"], app["consumer_secret"], "oob", token["oauth_token"], token["oauth_token_secret"]))


def test_photo_is_posted(client, photo):
    media = base64.b64encode(photo.read_bytes()).decode()
    uploaded = client.media.upload({"media": media, "media_category": "tweet_image"}).data
    found = client.media.get_by_keys([uploaded.media_key, "3_1"], media_fields=["type", "url"])
    assert len(found.data) == 1
    assert client.posts.create({"text": "A photo, signed", "media": {"media_ids": [uploaded.id]}}).data.id
