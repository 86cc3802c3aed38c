"""`manage.py export_repository`."""

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.framework.models import Api, Enumeration
from apps.setup.export import archive
from apps.setup.selection import Selection
from liberty.crypto import decrypt_original, encrypt_stored

pytestmark = pytest.mark.usefixtures("models_on_pools")


@pytest.fixture(autouse=True)
def rows(models_on_pools: None) -> None:
    Enumeration.objects.create(enum_id=1, enum_label="Status")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "repository"


def run(*arguments: object) -> str:
    output = StringIO()
    call_command("export_repository", *map(str, arguments), stdout=output)
    return output.getvalue()


def test_the_archive_is_written_for_its_owner_alone(file: Path) -> None:
    assert run(file) == f"{file}: {file.stat().st_size} bytes\n"
    assert file.read_bytes() == b"".join(archive())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_older_file_is_replaced_and_nothing_else_is_left(file: Path) -> None:
    file.write_text("older")
    run(file, "--tables", "ly_enum")
    assert file.read_bytes() == b"".join(archive(selection=Selection(only=("ly_enum",))))
    assert list(file.parent.iterdir()) == [file]


def test_a_failure_leaves_the_older_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text("older")

    def fail(alias: str) -> dict[str, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("apps.setup.export.migration_state", fail)
    with pytest.raises(CommandError, match="cannot be written: No space left on device"):
        run(file)
    assert file.read_text() == "older"
    assert list(file.parent.iterdir()) == [file]


def test_the_originals_file_is_written_with_passwords_it_reads(file: Path, tmp_path: Path) -> None:
    Api.objects.create(api_id=1, api_label="a", api_url="u", api_password=encrypt_stored("of the api"))
    (tmp_path / "key").write_text("a master key")
    run(file, "--original", "--master-key-file", tmp_path / "key")
    document = json.loads(file.read_text())
    assert len(document) == 67
    assert decrypt_original(document["ly_api"][0]["api_password"], "a master key") == "of the api"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--pool", "nowhere"), "Requested pool `nowhere` not found"),
        (("--application", "3"), "No application with a pool has the number 3"),
        (("--without", "ly_other"), "No framework table is named `ly_other`"),
        (("--master-key-file", "KEY"), "A master key is for --original"),
        (("--original", "--passphrase-file", "KEY"), "A file for the original knows no passphrase"),
        (("--passphrase-file", "SHORT"), "A passphrase has at least 12 characters"),
        (("--passphrase-file", "MISSING"), "The passphrase in .* cannot be read"),
    ],
)
def test_what_cannot_be_written_is_an_error(
    file: Path, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    (tmp_path / "KEY").write_text("a key that is long enough")
    (tmp_path / "SHORT").write_text("short")
    paths = [str(tmp_path / word) if word.isupper() else word for word in arguments]
    with pytest.raises(CommandError, match=message):
        run(file, *paths)
    assert not file.exists()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        run(tmp_path / "nowhere" / "file")


def test_two_entries_of_a_passphrase_that_differ_are_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = iter(["nine lives of a cat", "nine lives of a dog"])
    monkeypatch.setattr("apps.setup.management.keys.getpass", lambda prompt: next(entries))
    with pytest.raises(CommandError, match="The two passphrases differ"):
        run(file, "--passphrase")
