"""Upgrades and downgrades of whole installations: the framework database and pools of three products."""

import os
import random
import re
import stat
from pathlib import Path

import pytest

from tests.databases import Database
from tests.setup.versioned_installations import Installation, labels_split

# Ten are the long form.
KILLS = int(os.environ.get("LIBERTY_TEST_KILLS", "3"))
OLDEST, NEWEST = "1.0.0", "1.2.0"


@pytest.fixture
def installation(tmp_path: Path, worker_postgres: Database, worker_mariadb: Database) -> Installation:
    return Installation(tmp_path, worker_postgres, worker_mariadb)


@pytest.fixture
def filled(installation: Installation) -> Installation:
    """An installation at 1.0.0 with rows in every database."""
    installation.install()
    installation.fill()
    return installation


def test_data_that_versions_share_survive_all_ways_down_and_up(filled: Installation) -> None:
    labels, others = filled.labels(), filled.others()
    newest = {database: labels_split(rows) for database, rows in labels.items()}

    filled.finished("upgrade")
    assert (filled.labels_of_newest(), filled.others()) == (newest, others)
    count = len(filled.databases)
    shown = filled.finished("downgrade", "1.1.0", "--no-input")
    assert f"{2 * count} migrations ran in {count} databases; all are at 1.1.0. Backup: d" in shown
    assert filled.finished("current").count("pending, version 1.1.0") == count
    for database in filled.databases:
        rows = filled.rows(database, "SELECT enum_id, enum_group, enum_text FROM ly_enum ORDER BY enum_id")
        assert rows == newest[database]
    filled.finished("downgrade", OLDEST, "--no-input")
    assert (filled.labels(), filled.others()) == (labels, others)
    filled.finished("upgrade")
    assert (filled.labels_of_newest(), filled.others()) == (newest, others)
    weights = "SELECT COUNT(*) FROM ly_query WHERE query_weight = query_id * 2"
    assert filled.rows("crm", weights) == filled.rows("default", "SELECT COUNT(*) FROM ly_query")
    assert "Nothing to do: every database is at version 1.2.0." in filled.finished("upgrade")


def test_killed_upgrades_and_downgrades_are_finished_by_the_next(filled: Installation) -> None:
    labels, others = filled.labels(), filled.others()
    newest = {database: labels_split(rows) for database, rows in labels.items()}
    moment = random.Random(20261125)  # noqa: S311 (no secret)
    lines = 3 * len(filled.databases)
    for _ in range(KILLS):
        filled.kill_somewhere(moment, lines, "upgrade")
        filled.finished("upgrade")
        assert (filled.labels_of_newest(), filled.others()) == (newest, others)
        filled.kill_somewhere(moment, lines, "downgrade", OLDEST, "--no-input")
        again = filled.start("downgrade", OLDEST, "--no-input")
        shown, _ = again.communicate()
        # Killed after its very last word there is nothing left to finish.
        assert again.returncode == 0 or "is what every database has" in shown, shown
        assert (filled.labels(), filled.others()) == (labels, others)
    assert not list(filled.folder.glob("backups/unfinished-*.json"))
    assert not list(filled.folder.glob("backups/*.partial"))


def test_a_revision_is_gone_back_to_and_its_backup_restored(filled: Installation) -> None:
    labels, others = filled.labels(), filled.others()
    shown = filled.finished("revision", "--message", "Before “Spring” release")
    match = re.search(r"Revision (r[0-9]{8}-[0-9]{6}-before-spring-release) recorded", shown)
    assert match, shown
    revision = match.group(1)
    folder = filled.folder / "backups" / revision
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}
    assert len(list(folder.iterdir())) == len(filled.databases) + 1

    filled.finished("upgrade")
    filled.finished("downgrade", revision, "--no-input")
    assert filled.labels() == labels

    filled.finished("upgrade")
    for database in filled.databases:
        filled.rows_written("DELETE FROM ly_enum WHERE enum_id > 3", database)
        filled.rows_written("UPDATE ly_api_conn SET conn_password = NULL", database)
    assert "Nobody can be asked here" in filled.finished("restore_backup", revision, status=1)
    filled.finished("restore_backup", revision, "--no-input")
    assert (filled.labels(), filled.others()) == (labels, others)
    assert filled.finished("current").count("version 1.0.0") == len(filled.databases)
    # What is put back is whole: keys, numbers and constraints are at work.
    filled.finished("upgrade")
    newest = {database: labels_split(rows) for database, rows in labels.items()}
    assert filled.labels_of_newest() == newest
    filled.finished("downgrade", OLDEST, "--no-input")
    assert (filled.labels(), filled.others()) == (labels, others)
