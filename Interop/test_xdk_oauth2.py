"""`xdk` signs in with OAuth 2.0 and PKCE: the user in a real browser, at the real page, with JavaScript switched off."""

import http.server
import json
import shutil
import subprocess
import threading
import time
import urllib.parse

import pytest
import requests
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from xdk import Client
from xdk.oauth2_auth import OAuth2PKCEAuth

PASSWORD = "correct horse battery"
SCOPES = ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"]


@pytest.fixture(autouse=True)
def loopback_without_tls(monkeypatch):
    """The library behind xdk asks for TLS on loopback too, unless it is told."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture(scope="module")
def callback():
    """The app's side of the redirect, on a loopback port of its own: remembers where the browser was sent."""
    arrived = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.startswith("/callback"):
                arrived.append(f"http://127.0.0.1:{self.server.server_port}{self.path}")
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>arrived</title>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.arrived = arrived
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def user(server, roost):
    roost("user", "add", "signer", input=PASSWORD + "\n")
    return "signer"


@pytest.fixture(scope="module")
def app(server, roost):
    # Registered without the port: it is taken when the program starts (RFC 8252, 7.3).
    return json.loads(roost("app", "create", "Interop <b>app</b>", "--redirect-uri", "http://127.0.0.1/callback", "--json"))


@pytest.fixture
def browser(tmp_path):
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
                     "--disable-background-networking", "--disable-component-update", "--no-first-run",
                     f"--user-data-dir={tmp_path}/profile"):
        options.add_argument(argument)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(shutil.which("chromedriver")))
    yield driver
    driver.quit()


def until(browser, found):
    """Waits for something that only the next page has; while the browser is between two pages it has neither."""
    return WebDriverWait(browser, 60, poll_frequency=0.1, ignored_exceptions=[WebDriverException]).until(found)


def text(browser, selector):
    return until(browser, lambda driver: driver.find_element(By.CSS_SELECTOR, selector).text)


def press(browser, action):
    until(browser, lambda driver: driver.find_element(By.CSS_SELECTOR, f"button[name=action][value={action}]")).click()


def sign_in(browser, username, password):
    browser.find_element(By.NAME, "username").send_keys(username)
    browser.find_element(By.NAME, "password").send_keys(password)
    press(browser, "sign_in")


def begin(server, app, callback, **more):
    return OAuth2PKCEAuth(
        base_url=server.url, authorization_base_url=f"{server.url}/i", client_id=app["client_id"],
        client_secret=app.get("client_secret"), redirect_uri=f"http://127.0.0.1:{callback.server_port}/callback",
        scope=SCOPES, **more,
    )


def arrive(browser, callback):
    until(browser, lambda driver: driver.title == "arrived")
    return callback.arrived[-1]


def test_sign_in_consent_refresh_revoke(server, app, user, callback, browser):
    auth = begin(server, app, callback)
    browser.get(auth.get_authorization_url(state="the state"))
    assert "Sign in" in browser.title
    sign_in(browser, user, "a wrong password")
    assert "There is no user with this name" in text(browser, "[role=alert]")
    browser.find_element(By.NAME, "password").send_keys(PASSWORD)
    press(browser, "sign_in")
    text(browser, "button[value=allow]")
    main = text(browser, "main")
    assert "Interop <b>app</b>" in main and f"@{user}" in main
    assert "Upload photos, GIFs and videos for you" in main and "Keep this access" in main
    press(browser, "allow")
    arrived = arrive(browser, callback)
    query = urllib.parse.parse_qs(urllib.parse.urlparse(arrived).query)
    assert query["state"] == ["the state"] and query["iss"] == [server.url]

    token = auth.fetch_token(arrived)
    assert token["token_type"] == "bearer" and token["expires_in"] == 7200 and set(token["scope"].split()) == set(SCOPES)
    assert not auth.is_token_expired()
    assert Client(base_url=server.url, access_token=auth.access_token).users.get_me().data.username == user
    post = Client(base_url=server.url, access_token=auth.access_token).posts.create({"text": "signed in by xdk"})
    assert post.data.id

    spent = token["refresh_token"]
    renewed = auth.refresh_token()
    assert renewed["access_token"] != token["access_token"] and renewed["refresh_token"] != spent
    assert Client(base_url=server.url, access_token=renewed["access_token"]).users.get_me().data.username == user

    revoked = requests.post(
        f"{server.url}/2/oauth2/revoke", data={"token": renewed["refresh_token"]},
        auth=(app["client_id"], app["client_secret"]),
    )
    assert revoked.status_code == 200
    for old in (token, renewed):
        with pytest.raises(requests.HTTPError) as failure:
            Client(base_url=server.url, access_token=old["access_token"]).users.get_me()
        assert failure.value.response.status_code == 401


def test_a_public_client_and_a_browser_that_is_signed_in(server, user, callback, browser, roost):
    app = json.loads(
        roost("app", "create", "Public", "--public", "--redirect-uri", "http://127.0.0.1/callback", "--json"))
    first = begin(server, app, callback)
    browser.get(first.get_authorization_url(state="1"))
    sign_in(browser, user, PASSWORD)
    # Both pages have a button to cancel; only this one has the other.
    text(browser, "button[value=allow]")
    press(browser, "deny")
    assert "error=access_denied" in arrive(browser, callback)
    # The second time there is no password to be typed.
    second = begin(server, app, callback)
    browser.get(second.get_authorization_url(state="2"))
    assert not browser.find_elements(By.NAME, "password")
    press(browser, "allow")
    arrived = arrive(browser, callback)
    token = second.fetch_token(arrived)["access_token"]
    assert Client(base_url=server.url, access_token=token).users.get_me().data.username == user
    roost("app", "revoke", "Public", "--user", user)
    time.sleep(1.1)
    with pytest.raises(requests.HTTPError) as failure:
        Client(base_url=server.url, access_token=token).users.get_me()
    assert failure.value.response.status_code == 401
    with pytest.raises(ValueError, match="Value passed for the authorization code was invalid."):
        second.fetch_token(arrived)


def test_the_page_is_shown_in_no_frame(server, app, callback, browser, tmp_path):
    url = begin(server, app, callback).get_authorization_url(state="s")
    framing = tmp_path / "frame.html"
    other = f"http://127.0.0.1:{callback.server_port}/"
    framing.write_text("".join(f'<iframe src="{page.replace("&", "&amp;")}"></iframe>' for page in (other, url)))
    browser.get(framing.as_uri())
    browser.switch_to.frame(0)
    assert "arrived" in browser.page_source
    browser.switch_to.default_content()
    browser.switch_to.frame(1)
    assert not browser.find_elements(By.NAME, "password")
    browser.get(url)
    assert browser.find_elements(By.NAME, "password")
