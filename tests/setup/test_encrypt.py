"""`manage.py encrypt`."""

import getpass
import io
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from liberty import crypto


def encrypt(monkeypatch: pytest.MonkeyPatch, typed: str, *options: str) -> str:
    """Run the command with `typed` in its standard input; return what it shows."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    call_command("encrypt", *options, stdout=out)
    return out.getvalue().removesuffix("\n")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("hunter2\n", "hunter2"),
        ("hunter2\r\n", "hunter2"),
        ("hunter2", "hunter2"),
        (" two\nlines \n\n", " two\nlines \n"),
        ("", ""),
        ("é🙂", "é🙂"),
    ],
)
def test_standard_input_is_encrypted_under_the_storage_key(
    monkeypatch: pytest.MonkeyPatch, typed: str, text: str
) -> None:
    shown = encrypt(monkeypatch, typed)
    assert (crypto.reads_stored(shown), crypto.decrypt_stored(shown)) == (True, text)


def test_at_a_terminal_the_text_is_asked_for_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr(getpass, "getpass", lambda prompt: "hunter2")
    out = io.StringIO()
    call_command("encrypt", stdout=out)
    assert crypto.decrypt_stored(out.getvalue().strip()) == "hunter2"


def test_an_original_reads_what_is_encrypted_for_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "master_key"
    file.write_text("key of an original\n")
    shown = encrypt(monkeypatch, "hunter2", "--for-original", "--master-key-file", str(file))
    assert crypto.decrypt_original(shown, "key of an original") == "hunter2"


def test_encrypted_text_comes_back_as_it_is_unless_it_is_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert encrypt(monkeypatch, "ENC:hunter2\n") == "ENC:hunter2"
    assert crypto.decrypt_stored(encrypt(monkeypatch, "ENC:hunter2\n", "--literal")) == "ENC:hunter2"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--for-original"], "go together"),
        (["--master-key-file", "x"], "go together"),
        (["--for-original", "--master-key-file", "/nowhere"], "cannot be read"),
    ],
)
def test_a_missing_master_key_is_named(
    monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        encrypt(monkeypatch, "hunter2", *options)


def test_without_a_key_nothing_is_encrypted(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    settings.LIBERTY_ENCRYPTION_KEY = ""
    with pytest.raises(CommandError, match="LIBERTY_ENCRYPTION_KEY is not set"):
        encrypt(monkeypatch, "hunter2")


def test_input_that_is_no_text_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    broken: Any = io.TextIOWrapper(io.BytesIO(b"hunter2\xff"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", broken)
    with pytest.raises(CommandError) as refusal:
        call_command("encrypt")
    assert str(refusal.value) == "Standard input is not utf-8"
    assert refusal.value.__cause__ is None
