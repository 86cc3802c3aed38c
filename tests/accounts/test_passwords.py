"""Checking a password against what is stored."""

import base64
from collections.abc import Callable

import pytest
from django.contrib.auth.hashers import make_password
from pytest_django import Settings

from apps.accounts import passwords
from apps.accounts.passwords import Verdict
from liberty import crypto
from tests.hashers import QuickArgon2PasswordHasher

RIGHT, WRONG = "the right one", "another one"
CORRECT, REFUSED = Verdict(is_correct=True), Verdict(is_correct=False)


class Work:
    """Counts the hashes that are computed."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def count(self, name: str, method: Callable[..., object]) -> Callable[..., object]:
        def counted(*args: object) -> object:
            self.done.append(name)
            return method(*args)

        return counted


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    passwords._decoy()
    work = Work()
    for name in ("encode", "verify"):
        method = getattr(QuickArgon2PasswordHasher, name)
        monkeypatch.setattr(QuickArgon2PasswordHasher, name, work.count(name, method))
    return work


def hashed() -> str:
    return make_password(RIGHT)


def older_hash() -> str:
    class Older(QuickArgon2PasswordHasher):
        time_cost = 2

    hasher = Older()
    return hasher.encode(RIGHT, hasher.salt())


def under_our_key() -> str:
    return crypto.encrypt_stored(RIGHT)


def under_a_lost_key() -> str:
    key_id = under_our_key().split(":")[2]
    return under_our_key().replace(key_id, "00000000")


STORED: dict[str, tuple[Callable[[], str | None], Verdict]] = {
    "a hash": (hashed, CORRECT),
    "an older hash": (older_hash, Verdict(is_correct=True, is_outdated=True)),
    "a text under our own key": (under_our_key, Verdict(is_correct=True, is_outdated=True)),
    "a text under a key that is gone": (under_a_lost_key, REFUSED),
    "a text of the original": (lambda: crypto.encrypt_original(RIGHT, "master key"), REFUSED),
    "a text for transport": (lambda: crypto.encrypt_transport(RIGHT), REFUSED),
    "the stand-in": (lambda: "ENC:********", REFUSED),
    "clear text": (lambda: RIGHT, REFUSED),
    "nothing": (lambda: None, REFUSED),
    "an empty text": (lambda: "", REFUSED),
    "an unusable password": (lambda: make_password(None), REFUSED),
    "a damaged hash": (lambda: hashed()[:-9] + "*", REFUSED),
    "half a hash": (lambda: "argon2$argon2id$v=19", REFUSED),
    "a hash of an unknown kind": (lambda: "pbkdf2_sha256$1$salt$AAAA", REFUSED),
    "an unsalted hash": (lambda: "d41d8cd98f00b204e9800998ecf8427e", REFUSED),
    "dollars": (lambda: "$$$$", REFUSED),
}
every_stored = pytest.mark.parametrize(("stored", "expected"), STORED.values(), ids=STORED)


@every_stored
def test_the_right_password(stored: Callable[[], str | None], expected: Verdict) -> None:
    assert passwords.check(RIGHT, stored()) == expected


@every_stored
@pytest.mark.parametrize("clear", [WRONG, RIGHT + " ", RIGHT.upper(), "\x00", "é" * 512, None])
def test_a_wrong_password(stored: Callable[[], str | None], expected: Verdict, clear: str | None) -> None:
    assert passwords.check(clear, stored()) == REFUSED


@every_stored
@pytest.mark.parametrize("clear", [RIGHT, WRONG, None])
def test_one_hash_is_verified_whatever_is_stored(
    stored: Callable[[], str | None], expected: Verdict, clear: str | None, work: Work
) -> None:
    column = stored()
    work.done.clear()
    passwords.check(clear, column)
    assert work.done == ["verify"]


@every_stored
def test_what_is_stored_opens_nothing_when_posted(
    stored: Callable[[], str | None], expected: Verdict
) -> None:
    column = stored() or ""
    if column != RIGHT and not column.startswith("ENC:t1:"):
        assert passwords.check(passwords.clear_text(column), column) == REFUSED


@pytest.mark.parametrize("stored", ["", "ENC:", None])
def test_an_empty_password_is_nobodys(stored: str | None) -> None:
    assert passwords.clear_text("") is None
    assert not passwords.check(None, make_password("")).is_correct
    assert not passwords.check(None, crypto.encrypt_stored("")).is_correct
    assert not passwords.check(None, stored).is_correct


@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ("secret", "secret"),
        ("enc:secret", "enc:secret"),
        (" ", " "),
        ("a\x00b", "a\x00b"),
        ("é" * 512, "é" * 512),
        ("é" * 512 + "x", None),
        ("\ud800", None),
        ("ENC:secret", None),
        ("ENC:********", None),
        ("ENC:", None),
    ],
)
def test_the_clear_text_of_what_is_posted(posted: str, expected: str | None) -> None:
    assert passwords.clear_text(posted) == expected


@pytest.mark.parametrize("clear", ["secret", "ENC:secret", "é" * 512])
def test_a_text_fresh_from_encrypt_stands_for_its_clear_text(clear: str) -> None:
    assert passwords.clear_text(crypto.encrypt_transport(clear)) == clear


@pytest.mark.parametrize(
    "make",
    [
        crypto.encrypt_stored,
        lambda text: crypto.encrypt_original(text, "master key"),
        lambda text: crypto.encrypt_transport(text, clock=lambda: 0),
    ],
    ids=["stored", "original", "old"],
)
def test_other_encrypted_texts_stand_for_nothing(make: Callable[[str], str]) -> None:
    assert passwords.clear_text(make(RIGHT)) is None


def test_without_a_key_a_stored_text_signs_nobody_in(settings: Settings) -> None:
    stored = under_our_key()
    settings.LIBERTY_ENCRYPTION_KEY = ""
    assert passwords.check(RIGHT, stored) == REFUSED


def test_an_older_key_still_signs_in(settings: Settings) -> None:
    stored, old = under_our_key(), settings.LIBERTY_ENCRYPTION_KEY
    settings.LIBERTY_ENCRYPTION_KEY = f"{base64.urlsafe_b64encode(bytes(32)).decode()},{old}"
    assert passwords.check(RIGHT, stored) == Verdict(is_correct=True, is_outdated=True)
