import base64
import stat
from pathlib import Path

import pytest

from liberty.keys import KeysRefused, ensure_keys


def ensure(folder: Path, *, known: str = "", framework_exists: bool = False) -> list[Path]:
    return ensure_keys(
        folder, secret_key=known, encryption_key=known, framework_exists=lambda: framework_exists
    )


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_installation_gets_both_secrets(tmp_path: Path) -> None:
    folder = tmp_path / "var" / "secrets"
    secret_key, encryption_key = ensure(folder)
    assert len(secret_key.read_text().strip()) >= 50
    assert len(base64.b64decode(encryption_key.read_text().strip(), altchars=b"-_", validate=True)) == 32
    assert sorted(path.name for path in folder.iterdir()) == ["encryption_key", "secret_key"]


def test_secrets_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir(mode=0o755)
    assert [mode_of(file) for file in ensure(folder)] == [0o600, 0o600]
    assert mode_of(folder) == 0o700


def test_secrets_that_the_settings_know_are_not_made(tmp_path: Path) -> None:
    assert ensure(tmp_path / "secrets", known="from the environment", framework_exists=True) == []
    assert not (tmp_path / "secrets").exists()


def test_lost_encryption_key_of_an_existing_installation_is_not_made_anew(tmp_path: Path) -> None:
    with pytest.raises(KeysRefused, match="encryption key is gone"):
        ensure(tmp_path / "secrets", framework_exists=True)
    assert not (tmp_path / "secrets").exists()


def test_empty_file_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(KeysRefused, match="is empty"):
        ensure(tmp_path)
    assert (tmp_path / "secret_key").read_text() == ""


def test_file_named_by_the_environment_is_not_replaced_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBERTY_SECRET_KEY_FILE", "/run/secrets/not-mounted")
    with pytest.raises(KeysRefused, match="/run/secrets/not-mounted"):
        ensure(tmp_path)
    assert list(tmp_path.iterdir()) == []
