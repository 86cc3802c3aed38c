"""Encrypted texts: three forms, none readable as another."""

import base64
import os
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from liberty import crypto
from liberty.errors import DecryptionFailed, MalformedRequest

MASTER_KEY = "a master key, ünïcode"
TEXTS = ["", "secret", "ENC:not what it seems", "clé 🔑 鍵", "p@ss:w/rd#%$&?é '", "\x00", "x" * 1_000_000]

Encrypt = Callable[[str], str]
Decrypt = Callable[[str], str]


def in_original_format(text: str) -> str:
    return crypto.encrypt_original(text, MASTER_KEY)


def from_original_format(text: str) -> str:
    return crypto.decrypt_original(text, MASTER_KEY)


FORMS: list[tuple[Encrypt, Decrypt]] = [
    (in_original_format, from_original_format),
    (crypto.encrypt_stored, crypto.decrypt_stored),
    (crypto.encrypt_transport, crypto.decrypt_transport),
]
IDS = ["original", "stored", "transport"]
every_form = pytest.mark.parametrize(("encrypt", "decrypt"), FORMS, ids=IDS)


@pytest.fixture(autouse=True)
def encryption_key(settings: Settings) -> str:
    settings.LIBERTY_ENCRYPTION_KEY = new_key()
    key: str = settings.LIBERTY_ENCRYPTION_KEY
    return key


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def flipped(text: str, index: int) -> str:
    """Change one character of base64 into another one."""
    return text[:index] + ("A" if text[index] != "A" else "B") + text[index + 1 :]


# What holds for all of them


@every_form
@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[:12])
def test_every_text_comes_back(encrypt: Encrypt, decrypt: Decrypt, text: str) -> None:
    encrypted = encrypt(text)
    assert crypto.is_encrypted(encrypted)
    assert decrypt(encrypted) == text


@every_form
def test_the_same_text_is_never_encrypted_the_same_way(encrypt: Encrypt, decrypt: Decrypt) -> None:
    assert len({encrypt("secret") for _ in range(20)}) == 20


@every_form
def test_any_changed_character_is_noticed(encrypt: Encrypt, decrypt: Decrypt) -> None:
    encrypted = encrypt("secret!")
    for index in range(len("ENC:"), len(encrypted.rstrip("="))):
        with pytest.raises(DecryptionFailed):
            decrypt(flipped(encrypted, index))


@every_form
def test_any_truncation_is_noticed(encrypt: Encrypt, decrypt: Decrypt) -> None:
    encrypted = encrypt("secret!")
    for length in range(len("ENC:"), len(encrypted)):
        with pytest.raises(DecryptionFailed):
            decrypt(encrypted[:length])


@every_form
@pytest.mark.parametrize("tail", ["=", "\n", " ", "A", "é", "\ud800"])
def test_nothing_may_follow(encrypt: Encrypt, decrypt: Decrypt, tail: str) -> None:
    with pytest.raises(DecryptionFailed):
        decrypt(encrypt("secret!") + tail)


@every_form
def test_no_form_reads_another(encrypt: Encrypt, decrypt: Decrypt) -> None:
    for other, _ in FORMS:
        if other is not encrypt:
            with pytest.raises(DecryptionFailed):
                decrypt(other("secret"))


@every_form
def test_a_lone_surrogate_is_refused_without_showing_the_text(encrypt: Encrypt, decrypt: Decrypt) -> None:
    with pytest.raises(MalformedRequest) as caught:
        encrypt("hunter2\ud800")
    assert "hunter2" not in str(caught.value)
    assert caught.value.__suppress_context__


@every_form
def test_a_failure_shows_neither_text_nor_clear_text(encrypt: Encrypt, decrypt: Decrypt) -> None:
    encrypted = encrypt("hunter2")
    with pytest.raises(DecryptionFailed) as caught:
        decrypt(flipped(encrypted, len(encrypted) - 6))
    assert "hunter2" not in str(caught.value)
    assert encrypted[10:] not in str(caught.value)
    assert caught.value.__suppress_context__


# The original's format, computed here from the description with other primitives than the code uses


def aes_gcm_of_the_description(salt: bytes, iv: bytes) -> Cipher[modes.GCM]:
    kdf = PBKDF2HMAC(algorithm=hashes.SHA512(), length=32, salt=salt, iterations=2145)
    return Cipher(algorithms.AES256(kdf.derive(MASTER_KEY.encode("utf-8"))), modes.GCM(iv))


def test_what_the_original_writes_is_read() -> None:
    salt, iv = bytes(range(64)), bytes(range(100, 116))
    encryptor = aes_gcm_of_the_description(salt, iv).encryptor()
    ciphertext = encryptor.update("pässword".encode()) + encryptor.finalize()
    written = "ENC:" + base64.b64encode(salt + iv + encryptor.tag + ciphertext).decode()
    assert crypto.decrypt_original(written, MASTER_KEY) == "pässword"


def test_what_we_write_the_original_reads() -> None:
    written = crypto.encrypt_original("pässword", MASTER_KEY)
    blob = base64.b64decode(written.removeprefix("ENC:"), validate=True)
    salt, iv, tag, ciphertext = blob[:64], blob[64:80], blob[80:96], blob[96:]
    decryptor = aes_gcm_of_the_description(salt, iv).decryptor()
    clear = decryptor.update(ciphertext) + decryptor.finalize_with_tag(tag)
    assert clear.decode() == "pässword"


# Computed once, apart from our code, and kept: no change of the format can go unnoticed.
KNOWN = (
    "ENC:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P2RlZmdoaWpr"
    "bG1ub3BxcnP1+v4Sx7ukyD8/kRYhQ5jXHdiPRvp78Wgt"
)


def test_a_known_text_is_read() -> None:
    assert crypto.decrypt_original(KNOWN, MASTER_KEY) == "pässword"


@pytest.mark.parametrize("master_key", ["another key", MASTER_KEY + " ", ""])
def test_a_wrong_or_missing_master_key_reads_nothing(master_key: str) -> None:
    with pytest.raises(DecryptionFailed):
        crypto.decrypt_original(KNOWN, master_key)


@pytest.mark.parametrize("text", ["", "secret", "ENC:", "ENC:AAAA", "enc:" + KNOWN[4:], "ENC:********"])
def test_what_is_no_text_of_the_original_is_named(text: str) -> None:
    with pytest.raises(DecryptionFailed):
        crypto.decrypt_original(text, MASTER_KEY)


# Stored secrets


@pytest.mark.parametrize("text", ["", "secret", "enc:secret", " ENC:secret"])
def test_clear_text_in_a_secret_column_is_returned_as_it_is(text: str) -> None:
    assert crypto.decrypt_stored(text) == text
    assert not crypto.reads_stored(text)


def test_a_stored_text_is_marked_and_names_its_key() -> None:
    head, version, key_id, body = crypto.encrypt_stored("secret").split(":")
    assert (head, version, len(key_id)) == ("ENC", "v1", 8)
    assert len(base64.urlsafe_b64decode(body)) == 12 + len("secret") + 16


def test_older_keys_still_read(settings: Settings, encryption_key: str) -> None:
    old = crypto.encrypt_stored("secret")
    settings.LIBERTY_ENCRYPTION_KEY = f"{new_key()}, {encryption_key}"
    assert crypto.decrypt_stored(old) == "secret"
    assert crypto.encrypt_stored("secret").split(":")[2] != old.split(":")[2]


def test_a_key_that_is_gone_reads_nothing(settings: Settings) -> None:
    old = crypto.encrypt_stored("secret")
    settings.LIBERTY_ENCRYPTION_KEY = new_key()
    assert not crypto.reads_stored(old)
    with pytest.raises(DecryptionFailed, match="not among LIBERTY_ENCRYPTION_KEY"):
        crypto.decrypt_stored(old)


def test_without_a_key_nothing_is_stored_and_nothing_read(settings: Settings) -> None:
    old = crypto.encrypt_stored("secret")
    settings.LIBERTY_ENCRYPTION_KEY = ""
    assert not crypto.reads_stored(old)
    with pytest.raises(ImproperlyConfigured, match="LIBERTY_ENCRYPTION_KEY is not set"):
        crypto.encrypt_stored("secret")


@pytest.mark.parametrize("key", ["short", "é" * 44, base64.urlsafe_b64encode(bytes(31)).decode(), "?" * 44])
def test_a_key_that_is_none_is_refused_without_being_shown(settings: Settings, key: str) -> None:
    settings.LIBERTY_ENCRYPTION_KEY = key
    with pytest.raises(ImproperlyConfigured) as caught:
        crypto.encrypt_stored("secret")
    assert key not in str(caught.value)


def test_our_own_keys_do_not_read_the_original() -> None:
    assert not crypto.reads_stored(KNOWN)
    assert not crypto.reads_stored("ENC:********")


def test_a_key_shows_only_its_id() -> None:
    (key,) = crypto._stored_keys()
    assert repr(key) == f"_Key(id='{key.id}')"


# Transport


@pytest.mark.parametrize("age_s", [-5, 0, 1, 299, 300])
def test_a_fresh_text_is_read(age_s: int) -> None:
    text = crypto.encrypt_transport("secret", clock=lambda: 1_000_000)
    assert crypto.decrypt_transport(text, clock=lambda: 1_000_000 + age_s) == "secret"


@pytest.mark.parametrize("age_s", [-3600, -6, 301, 86_400])
def test_an_old_text_or_one_of_the_future_is_refused(age_s: int) -> None:
    text = crypto.encrypt_transport("secret", clock=lambda: 1_000_000)
    with pytest.raises(DecryptionFailed, match="too old"):
        crypto.decrypt_transport(text, clock=lambda: 1_000_000 + age_s)


def test_a_text_of_another_installation_is_refused(settings: Settings) -> None:
    text = crypto.encrypt_transport("secret")
    settings.SECRET_KEY = "another secret key"
    with pytest.raises(DecryptionFailed, match="damaged"):
        crypto.decrypt_transport(text)


def test_a_changed_secret_key_still_reads_in_the_overlap(settings: Settings) -> None:
    text = crypto.encrypt_transport("secret")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret key"
    assert crypto.decrypt_transport(text) == "secret"


def test_keys_differ_by_purpose() -> None:
    assert crypto.purpose_keys("transport") != crypto.purpose_keys("tokens")
    assert {len(key) for key in crypto.purpose_keys("tokens")} == {32}
