"""Texts under a passphrase."""

import pytest

from liberty.errors import DecryptionFailed, MalformedRequest
from liberty.passphrase import derive_key, is_sealed, new_key

PASSPHRASE = "nine lives of a cat"
SALT = bytes(range(16))


@pytest.mark.parametrize("text", ["", "secret", "ENC:secret", "pâté 🐈", "x" * 1_000_000])
def test_a_text_opens_under_the_passphrase_and_at_its_place(text: str) -> None:
    sealed = derive_key(PASSPHRASE, SALT).seal(text, place="here")
    assert is_sealed(sealed)
    assert derive_key(PASSPHRASE, SALT).open(sealed, place="here") == text


def test_another_passphrase_salt_or_place_opens_nothing() -> None:
    sealed = derive_key(PASSPHRASE, SALT).seal("secret", place="here")
    for key, place in (
        (derive_key("nine lives of a dog", SALT), "here"),
        (derive_key(PASSPHRASE, SALT[::-1]), "here"),
        (derive_key(PASSPHRASE, SALT), "there"),
    ):
        with pytest.raises(DecryptionFailed, match="The passphrase does not read an encrypted text"):
            key.open(sealed, place=place)


def test_a_damaged_text_opens_nowhere() -> None:
    key = derive_key(PASSPHRASE, SALT)
    sealed = key.seal("secret", place="here")
    damaged = (sealed[:-4], "ENC:x1:", "ENC:x1:%%%%", sealed[:10] + "A" + sealed[11:] + "AAAA")
    for text in damaged:
        with pytest.raises(DecryptionFailed):
            key.open(text, place="here")


def test_no_two_files_share_a_key_and_no_key_is_shown() -> None:
    first, second = new_key(PASSPHRASE), new_key(PASSPHRASE)
    assert first.secret != second.secret
    assert repr(first.secret) not in repr(first)


@pytest.mark.parametrize("passphrase", ["", "eleven char", "x" * 1025, "half a pair \ud800"])
def test_a_passphrase_that_is_short_long_or_no_text_is_refused(passphrase: str) -> None:
    with pytest.raises(MalformedRequest):
        new_key(passphrase)
