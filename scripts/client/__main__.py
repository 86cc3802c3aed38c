"""`python -m scripts.client [REPOSITORY]`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.client import data, recording
from scripts.client.drive import Subject, drive
from scripts.client.environment import FOLDER, Missing
from scripts.client.original import original
from tests.servers.process import ServerFailed


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.client", description=__doc__)
    parser.add_argument("repository", metavar="REPOSITORY", nargs="?", type=Path, help="an export, JSON")
    options = parser.parse_args(arguments)
    try:
        _drive_original(options.repository)
    except (Missing, ServerFailed, OSError) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


def _drive_original(repository: Path | None) -> None:
    with original(repository) as running:
        data.stage(running.database)
        data.export(running.database, FOLDER / "data.json")
        subject = Subject(
            name="original",
            site=running.url,
            user=running.user,
            password=running.password,
            audit_rows=lambda table: data.audit_rows(running.database, table),
        )
        recording.write(drive(subject, FOLDER / "original"), FOLDER / "original.json")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
