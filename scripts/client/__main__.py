"""`python -m scripts.client [REPOSITORY]`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from liberty.text import counted
from scripts.client import data, recording
from scripts.client.compare import Difference, differences, is_expected
from scripts.client.drive import Subject, drive
from scripts.client.environment import FOLDER, Missing, environment
from scripts.client.original import original
from scripts.client.ours import ours
from scripts.client.recording import Step
from tests.servers import postgres
from tests.servers.process import ServerFailed


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.client", description=__doc__)
    parser.add_argument("repository", metavar="REPOSITORY", nargs="?", type=Path, help="an export, JSON")
    options = parser.parse_args(arguments)
    try:
        theirs, mine = _drive_both(options.repository)
    except (Missing, ServerFailed, OSError, psycopg.Error) as failure:
        print(failure, file=sys.stderr)
        return 1
    found = [difference for difference in differences(theirs, mine) if not is_expected(difference)]
    _report(theirs, mine, found)
    return 1 if found else 0


def _drive_both(repository: Path | None) -> tuple[list[Step], list[Step]]:
    """Drive the original, then us on the rows that it had before; pictures and records are left in FOLDER."""
    made = environment()
    with postgres.running(made.postgres) as server:
        rows = FOLDER / "rows.json"
        with original(made, server, repository) as theirs:
            data.stage(theirs.database)
            data.export(theirs.database, rows)
            subject = Subject("original", theirs.url, theirs.user, theirs.password, theirs.database)
            first = _record(subject)
        with ours(made, theirs, rows) as (site, database):
            second = _record(Subject("ours", site, theirs.user, theirs.password, database))
    return first, second


def _record(subject: Subject) -> list[Step]:
    steps = drive(subject, FOLDER / subject.name)
    recording.write(steps, FOLDER / f"{subject.name}.json")
    return steps


def _report(original: list[Step], ours: list[Step], found: list[Difference]) -> None:
    print(f"\n{'step':36} {'calls':>11} {'console':>9}  differences")
    for theirs, mine in zip(original, ours, strict=True):
        number = sum(difference.step == theirs.name for difference in found)
        calls = f"{len(theirs.calls)}/{len(mine.calls)}"
        messages = f"{len(theirs.messages)}/{len(mine.messages)}"
        print(f"{theirs.name:36} {calls:>11} {messages:>9}  {number or '-'}")
    print(f"\nPictures and recordings: {FOLDER} (original/ours)")
    for difference in found:
        print(difference)
    print(counted(len(found), "difference"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
