"""Whether the check with which the run of the server ends finds what it looks for."""

from conftest import secrets_in


def test_secrets_are_found():
    secret = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert secrets_in(f"token={secret}") == [secret]
    assert secrets_in("12-dBjftJeZ4CVP-mB92K27uhbUJU1p1r_w.") and secrets_in("a horse", ["horse"])
    assert not secrets_in(f"{secret}x {'0' * 43} /2/oauth2/token 200")
