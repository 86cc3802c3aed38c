import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from apps.framework import log_files
from liberty.settings.env import BASE_DIR


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.LIBERTY_LOG_DIR = str(tmp_path / "logs")
    return tmp_path / "logs"


def entry(number: int) -> dict[str, object]:
    return {"timestamp": "2026-01-31T10:00:00.000+00:00", "level": "INFO", "number": number}


def numbers(file: Path) -> list[int]:
    return [json.loads(line)["number"] for line in file.read_text().splitlines()]


def test_entries_are_appended_to_both_files(folder: Path) -> None:
    log_files.append([entry(1), entry(2)])
    log_files.append([entry(3)])
    assert numbers(folder / "liberty.jsonl") == [1, 2, 3]
    assert (folder / "liberty.log").read_text().splitlines() == [
        f"2026-01-31T10:00:00.000+00:00 INFO number={number}" for number in (1, 2, 3)
    ]


def test_files_are_for_their_owner_alone(folder: Path) -> None:
    log_files.append([entry(1)])
    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert (modes, stat.S_IMODE(folder.stat().st_mode)) == ({0o600}, 0o700)


def test_full_files_make_room_and_the_oldest_goes(folder: Path, settings: Settings) -> None:
    settings.LIBERTY_LOG_FILE_BYTES, settings.LIBERTY_LOG_FILES = 100, 3
    for number in range(5):
        log_files.append([entry(number)])
    kept = {file.name: numbers(file) for file in folder.glob("liberty.jsonl*")}
    assert kept == {"liberty.jsonl": [4], "liberty.jsonl.1": [3], "liberty.jsonl.2": [2]}


def test_one_file_may_be_all(folder: Path, settings: Settings) -> None:
    settings.LIBERTY_LOG_FILE_BYTES, settings.LIBERTY_LOG_FILES = 1, 1
    log_files.append([entry(1)])
    log_files.append([entry(2)])
    assert [numbers(file) for file in folder.glob("liberty.jsonl*")] == [[2]]


def test_processes_that_write_at_once_lose_nothing(folder: Path) -> None:
    program = (
        "import sys, django; from django.conf import settings\n"
        f"settings.configure(LIBERTY_LOG_DIR={str(folder)!r}, LIBERTY_LOG_FILE_BYTES=5000,"
        " LIBERTY_LOG_FILES=100)\n"
        "from apps.framework import log_files\n"
        "start = int(sys.argv[1])\n"
        "for n in range(start, start + 200):"
        " log_files.append([{'timestamp': 't', 'level': 'INFO', 'number': n}])\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(start)], cwd=BASE_DIR) for start in (0, 200, 400)
    ]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    found = [number for file in folder.glob("liberty.jsonl*") for number in numbers(file)]
    assert sorted(found) == list(range(600))
