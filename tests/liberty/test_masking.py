import logging
import sys
from decimal import Decimal
from typing import Any

import pytest

from liberty.masking import MASK, MaskingFormatter, mask
from liberty.settings.base import LOGGING

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    "text",
    [
        "ENC:v1:abcd:hunter2==",
        "before ENC:hunter2/+= after",
        "hunter2:ENC:".replace("hunter2:", "") + "hunter2",
        f"Authorization: Bearer {JWT}-hunter2",
        f"token was {JWT}hunter2",
        "Basic hunter2=",
        "/api/fmw/encrypt?plain_text=hunter2&format=storage",
        "/api/fmw/encrypt?plain%5Ftext=hunter2",
        "/api/fmw/encrypt?plain_text=my%20hunter2",
        "/api/fmw/encrypt?plain_text=p%26hunter2%23w0rd",
        "X-API-Key: hunter2",
        "Cookie: a=1; sessionid=hunter2",
        "q=%7B%22USR_PASSWORD%22%3A%7B%22%3D%22hunter2%22%7D%7D",
        "x=ENC%3Ahunter2",
        "postgres://admin:hunter2@db:5432/x",
        'body {"user": "a", "password": "hunter2"}',
        'body {"password": "a\\"hunter2"}',
        '{"data": "{\\"password\\": \\"hunter2\\"}"}',
        "{'Password' : 'hunter2'}",
        '{"password": "hunter2',
        "password: hunter2",
        "password=hunter2",
        "APPS_PASSWORD = 'hunter2'",
        "argon2$argon2id$v=19$m=8$hunter2",
    ],
)
def test_secrets_in_a_text_are_masked(text: str) -> None:
    masked = mask(text)
    assert "hunter2" not in masked
    assert MASK in masked


@pytest.mark.parametrize(
    "value",
    [
        "Query 7 failed: column CUS_ID not found",
        "/api/db/query?query=7&pool=default&q=%7B%22CUS_ID%22%3A1%7D",
        "100% of it",
        "",
        {"user": "ada", "count": 7, "ok": True, "none": None, "list": [1, "two", {"three": 3.5}]},
        2**70,
    ],
    ids=str,
)
def test_what_is_no_secret_stays(value: Any) -> None:
    assert mask(value) == value


def test_members_with_secret_names_lose_their_value_at_any_depth() -> None:
    posted = {
        "data": [{"USR_PASSWORD": "hunter2", "accessToken": {"a": "hunter2"}, "pass": 7, "passenger": "p"}],
        "hdr": {"Authorization": "x", "Set-Cookie": "x", "api_key": "x", "apiKey": "x", "clientSecret": []},
    }
    assert mask(posted) == {
        "data": [{"USR_PASSWORD": MASK, "accessToken": MASK, "pass": MASK, "passenger": "p"}],
        "hdr": dict.fromkeys(("Authorization", "Set-Cookie", "api_key", "apiKey", "clientSecret"), MASK),
    }


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        (Decimal("1.5"), 1.5),
        (Decimal("0.12345678901234567890"), "0.12345678901234567890"),
        (Decimal("1E+400"), "1E+400"),
        ("a\0b", "a\\0b"),
    ],
)
def test_what_databases_do_not_take_is_replaced(value: Any, masked: Any) -> None:
    assert mask(value) == masked


@pytest.mark.parametrize(
    "part",
    [
        "password",
        "secret",
        "a",
        '"',
        '\\"',
        "password:",
        "ENC:",
        "://",
        "eyJ.",
        "-eyJ",
        "-eyJ%",
        "password \\",
        "'",
        "%",
    ],
)
def test_a_long_text_ends(part: str) -> None:
    """A pattern that takes the square of the length would hold this test for minutes."""
    assert mask(part * (1_000_000 // len(part)))


def test_what_is_printed_is_masked_with_its_traceback() -> None:
    arguments = ("password=hunter2", 7)
    try:
        raise ValueError("DETAIL: (admin, argon2$argon2id$hunter2)")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "%s at 100%% of %d", arguments, sys.exc_info())
    printed = MaskingFormatter("%(message)s").format(record)
    assert printed.startswith(f"password={MASK} at 100% of 7\nTraceback")
    assert "hunter2" not in printed


def test_every_handler_of_ours_masks() -> None:
    assert [handler["formatter"] for handler in LOGGING["handlers"].values()] == ["line"]
    assert LOGGING["formatters"]["line"]["()"] == "liberty.masking.MaskingFormatter"
    assert LOGGING["loggers"]["django.server"] == {"handlers": [], "propagate": True}
