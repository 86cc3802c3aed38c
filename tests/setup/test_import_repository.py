"""`manage.py import_repository`."""

import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from apps.accounts.models import User
from apps.framework.models import Enumeration
from liberty.crypto import encrypt_original
from tests.setup.repositories import small_document, write

pytestmark = pytest.mark.django_db


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def run(*arguments: object) -> str:
    output = StringIO()
    call_command("import_repository", *map(str, arguments), stdout=output)
    return output.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "repository.json", small_document())


def test_progress_and_counts_are_told_in_plain_lines(file: Path) -> None:
    assert run(file).splitlines() == [
        "ly_enum: 1 of 4 rows",
        "ly_enum_val: 3 of 4 rows",
        "ly_enum_val_l: 4 of 4 rows",
        "table                      in file       new   changed unchanged only here",
        "ly_enum                          1         1         0         0         0",
        "ly_enum_val                      2         2         0         0         0",
        "ly_enum_val_l                    1         1         0         0         0",
        "3 tables                         4         4         0         0         0",
    ]


def test_a_second_run_tells_that_nothing_changed(file: Path) -> None:
    run(file)
    assert (
        run(file).splitlines()[-1]
        == "3 tables                         4         0         0         4         0"
    )


def test_a_repository_without_tables_is_loaded(tmp_path: Path) -> None:
    assert run(write(tmp_path / "empty.json", {})).splitlines()[-1].split() == ["0", "tables", *"00000"]


def test_a_terminal_gets_a_progress_bar(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    call_command("import_repository", str(file))
    assert "4/4" in terminal.getvalue()
    assert "3 tables                         4         4         0         0         0" in terminal.getvalue()


def test_faults_are_an_error_that_names_them(tmp_path: Path) -> None:
    file = write(tmp_path / "repository.json", {"ly_enum": [{"enum_id": 1}], "ly_other": []})
    with pytest.raises(CommandError) as refusal:
        run(file)
    assert str(refusal.value).splitlines() == [
        "The repository cannot be loaded, and nothing was changed:",
        "ly_other: no framework table has this name",
        "ly_enum (enum_id 1): enum_label: null in a column that needs a value",
    ]
    assert refusal.value.returncode == 1
    assert not Enumeration.objects.exists()


def test_an_unknown_pool_is_an_error(file: Path) -> None:
    with pytest.raises(CommandError, match="Requested pool `nowhere` not found"):
        run(file, "--pool", "nowhere")


def test_encrypted_passwords_are_reported_by_row_and_never_shown(tmp_path: Path) -> None:
    secret = encrypt_original("Anna's", "a key")
    file = write(tmp_path / "users.json", {"ly_users": [{"usr_id": "anna", "usr_password": secret}]})
    output = run(file)
    assert output.splitlines()[-2:] == [
        "ly_users: passwords as the original encrypted them, 1 of 1; --master-key-file converts them:",
        "  ly_users (usr_id anna)",
    ]
    assert secret not in output


def test_the_master_key_comes_from_a_file(tmp_path: Path) -> None:
    document = {"ly_users": [{"usr_id": "anna", "usr_password": encrypt_original("Anna's", "a key")}]}
    file = write(tmp_path / "users.json", document)
    (tmp_path / "key").write_text("a key\n")
    assert "encrypted them" not in run(file, "--master-key-file", tmp_path / "key")
    assert User.objects.get(usr_id="anna").check_password("Anna's")


def test_a_wrong_master_key_is_an_error_that_shows_no_key(tmp_path: Path) -> None:
    document = {"ly_users": [{"usr_id": "anna", "usr_password": encrypt_original("Anna's", "a key")}]}
    file = write(tmp_path / "users.json", document)
    (tmp_path / "key").write_text("some other key")
    with pytest.raises(CommandError, match="the master key does not read the password") as refusal:
        run(file, "--master-key-file", tmp_path / "key")
    assert "some other key" not in str(refusal.value)
    assert not User.objects.exists()


@override_settings(LIBERTY_ENCRYPTION_KEY="")
def test_credentials_are_not_loaded_without_a_key_of_our_own(tmp_path: Path) -> None:
    file = write(tmp_path / "pools.json", {"ly_applications": [{"apps_id": 1, "apps_password": "clear"}]})
    with pytest.raises(CommandError, match="LIBERTY_ENCRYPTION_KEY is not set"):
        run(file)
