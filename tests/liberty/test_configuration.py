"""The configuration file."""

import os
from pathlib import Path

import pytest

from liberty.configuration import write_private


def test_a_file_in_its_place_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder on some network file systems cannot be synced, and by then others may use the file."""
    sync = os.fsync

    def refuse_folders(handle: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{handle}"):
            raise OSError(22, "Invalid argument")
        sync(handle)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    file = tmp_path / "configuration.json"
    write_private(file, "new")
    assert file.read_text() == "new"
    assert os.listdir(tmp_path) == [file.name]
