"""requests-oauthlib signs in with OAuth 1.0a in three legs, as its documents show; a person's browser is played by requests."""

import re
import subprocess

import pytest
import requests
from requests_oauthlib import OAuth1Session
from requests_oauthlib.oauth1_session import TokenRequestDenied

from oauth1_app import BIN, Detour, create_app

CALLBACK = "http://127.0.0.1:9/done"
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def app(server):
    subprocess.run(
        [BIN / "roost", "user", "add", "walker", "--data", server.data], input=PASSWORD + "\n",
        text=True, check=True)
    return create_app(server, "three legs", "--redirect-uri", CALLBACK)


def session(server, app, **options):
    made = OAuth1Session(app["consumer_key"], client_secret=app["consumer_secret"], **options)
    # It believes that it speaks to X.
    made.mount("https://", Detour(server.url))
    return made


class Browser:
    """Signs in and answers the page's forms, as a person would."""

    def __init__(self, server):
        self._server = server
        self._session = requests.Session()

    def answer(self, url, action):
        url = url.replace("https://api.twitter.com", self._server.url)
        page = self._session.get(url)
        assert page.status_code == 200, page.text
        if 'name="password"' in page.text:
            page = self._send(url, page, "sign_in", username="walker", password=PASSWORD)
            assert page.status_code == 303, page.text
            page = self._session.get(url)
        assert "three legs" in page.text and "@walker" in page.text
        return self._send(url, page, action)

    def _send(self, url, page, action, **fields):
        proof = re.search(r'name="proof" value="([^"]+)"', page.text)[1]
        return self._session.post(url, data={"proof": proof, "action": action, **fields}, allow_redirects=False)


@pytest.mark.parametrize("page", ["authorize", "authenticate"])
def test_three_legs_with_an_address(server, app, page):
    oauth = session(server, app, callback_uri=CALLBACK)
    oauth.fetch_request_token("https://api.twitter.com/oauth/request_token")
    url = oauth.authorization_url(f"https://api.twitter.com/oauth/{page}")
    answer = Browser(server).answer(url, "allow")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(CALLBACK + "?")
    oauth.parse_authorization_response(answer.headers["location"])
    token = oauth.fetch_access_token("https://api.twitter.com/oauth/access_token")
    assert token["screen_name"] == "walker"
    assert token["oauth_token"].startswith(token["user_id"] + "-")
    me = oauth.get("https://api.twitter.com/2/users/me?user.fields=a,b c")
    assert me.json()["data"]["id"] == token["user_id"]
    ended = oauth.post("https://api.twitter.com/1.1/oauth/invalidate_token.json")
    assert ended.json() == {"access_token": token["oauth_token"]}
    assert oauth.get("https://api.twitter.com/2/users/me").status_code == 401


def test_three_legs_with_a_pin(server, app):
    oauth = session(server, app, callback_uri="oob")
    first = oauth.fetch_request_token("https://api.twitter.com/oauth/request_token")
    answer = Browser(server).answer(oauth.authorization_url("https://api.twitter.com/oauth/authorize"), "allow")
    pin = re.search(r"<code>(\d{7})</code>", answer.text)[1]
    oauth = session(
        server, app, resource_owner_key=first["oauth_token"], resource_owner_secret=first["oauth_token_secret"],
        verifier=pin)
    assert oauth.fetch_access_token("https://api.twitter.com/oauth/access_token")["screen_name"] == "walker"
    assert oauth.get("https://api.twitter.com/1.1/account/verify_credentials.json").json()["screen_name"] == "walker"


def test_who_refuses_is_sent_back_without_a_verifier(server, app):
    oauth = session(server, app, callback_uri=CALLBACK)
    token = oauth.fetch_request_token("https://api.twitter.com/oauth/request_token")["oauth_token"]
    url = oauth.authorization_url("https://api.twitter.com/oauth/authorize")
    answer = Browser(server).answer(url, "deny")
    assert answer.headers["location"] == f"{CALLBACK}?denied={token}"
    assert requests.get(url.replace("https://api.twitter.com", server.url)).status_code == 400


def test_an_address_that_is_not_registered_gets_nothing(server, app):
    with pytest.raises(TokenRequestDenied) as failure:
        session(server, app, callback_uri="https://evil.example").fetch_request_token(
            "https://api.twitter.com/oauth/request_token")
    assert failure.value.response.json()["errors"][0]["code"] == 415
