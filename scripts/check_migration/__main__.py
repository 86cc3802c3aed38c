"""`python -m scripts.check_migration [REPOSITORY]`: with the rows of an export, or those that it ships."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from liberty.settings.env import BASE_DIR
from scripts.check_migration.databases import (
    Application,
    application_database,
    content_of,
    framework_database,
)
from tests.live_site import environment_of

FRAMEWORKS = ("sqlite", "postgres")
LANGUAGES = ("en", "fr")
STOP_S = 60
# Exit statuses of `migrate_from_original`.
NOTHING, CHANGES = 0, 1
# The framework database answers for it, in the environment of the installation.
_SIGN_IN = """
import os, django
django.setup()
from apps.accounts.services import sign_in
account = {"user_id": os.environ["USER_ID"], "password": os.environ["PASSWORD"]}
for catalogue in os.environ["CATALOGUES"].split():
    assert sign_in(**account, catalogue=catalogue).is_admin
"""


class StepFailed(Exception):
    """A step of the check did not do what it should; the text says which."""


@dataclass(frozen=True)
class Original:
    """The running original, as `scripts.client.original` tells of it."""

    url: str
    database: str
    user: str
    password: str
    master_key: str


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="scripts.check_migration", description=__doc__)
    parser.add_argument(
        "repository", metavar="REPOSITORY", type=Path, nargs="?", help="an export of the original"
    )
    repository = parser.parse_args(arguments).repository
    try:
        with (
            _original(repository) as original,
            application_database(original.database, original.master_key) as application,
        ):
            good = [_check(original, application, framework) for framework in FRAMEWORKS]
    except (StepFailed, OSError, psycopg.Error) as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0 if all(good) else 1


@contextmanager
def _original(repository: Path | None) -> Iterator[Original]:
    """Start the original and yield it; what it lacks it says itself."""
    command = [sys.executable, "-m", "scripts.client.original", *([str(repository)] if repository else [])]
    # A session of its own: Ctrl-C reaches it once, from here.
    process = subprocess.Popen(  # noqa: S603 (ours)
        command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        told = process.stdout.readline() if process.stdout else ""
        if not told:
            raise StepFailed("the original could not be started; the reason stands above")
        facts: dict[str, Any] = json.loads(told)
        yield Original(**{name: facts[name] for name in Original.__dataclass_fields__})
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_S)


def _check(original: Original, application: Application, framework: str) -> bool:
    """Move the original to an empty installation; return whether all that differs is explained."""
    print(f"\n== to a framework database on {framework}")
    with (
        tempfile.TemporaryDirectory(prefix="liberty-migration-") as name,
        framework_database(original.database, framework) as url,
    ):
        folder = Path(name)
        environment = environment_of(folder) | ({"LIBERTY_DATABASE_URL": url} if url else {})
        _run([sys.executable, "-m", "liberty.keys"], environment)
        _run(_manage("migrate", "--noinput", "--verbosity", "0"), environment)
        move = _move_command(original, folder, application.pool)
        before = content_of(original.database), content_of(application.url)
        _expect(CHANGES, move, environment, "the plan")
        _expect(NOTHING, [*move, "--apply"], environment, "the move")
        _expect(NOTHING, move, environment, "the plan of a second move")
        _run([sys.executable, "-c", _SIGN_IN], environment | _of_administrator(original, application.pool))
        good = [_compare(move, environment, original, language) for language in LANGUAGES]
        backup = folder / "migration" / f"adopted-{application.pool}-1.json"
        _run(_manage("migrate_from_original", f"--give-back={backup}"), environment)
        if (content_of(original.database), content_of(application.url)) != before:
            raise StepFailed("the original's databases are not as they were")
        print("\nthe original's databases are as they were before")
        return all(good)


def _compare(move: Sequence[str], environment: Mapping[str, str], original: Original, language: str) -> bool:
    print(f"\n-- compared, in {language}", flush=True)
    check = [*move, "--check", "--original-api", original.url, "--language", language]
    return _status(check, environment) == NOTHING


def _move_command(original: Original, folder: Path, application: str) -> list[str]:
    """Return the command that moves the original, taking over the catalogue of one application."""
    url, key = folder / "original-url", folder / "master-key"
    for file, text in ((url, original.database), (key, original.master_key)):
        file.write_text(text)
        file.chmod(0o600)
    command = _manage("migrate_from_original", f"--original-url-file={url}", f"--master-key-file={key}")
    return [
        *command,
        f"--adopt={application}",
        *(f"--leave={pool}" for pool in _others(original, application)),
    ]


def _others(original: Original, application: str) -> list[str]:
    """Return the other pools that it ships, whose databases are nowhere."""
    with psycopg.connect(original.database) as connection:
        rows = connection.execute(
            sql.SQL("SELECT apps_pool FROM ly_applications WHERE apps_pool NOT IN ('default', {})").format(
                sql.Literal(application)
            )
        ).fetchall()
    return sorted({pool for (pool,) in rows})


def _of_administrator(original: Original, application: str) -> dict[str, str]:
    account = {"USER_ID": original.user, "PASSWORD": original.password}
    return {**account, "CATALOGUES": f"default {application}", "PYTHONPATH": str(BASE_DIR)}


def _manage(*arguments: str) -> list[str]:
    return [sys.executable, "manage.py", *arguments]


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    _expect(NOTHING, command, environment, " ".join(command[:3]))


def _expect(status: int, command: Sequence[str], environment: Mapping[str, str], step: str) -> None:
    found = _status(command, environment)
    if found != status:
        raise StepFailed(f"{step} ended with status {found} instead of {status}")


def _status(command: Sequence[str], environment: Mapping[str, str]) -> int:
    sys.stdout.flush()
    done = subprocess.run(  # noqa: S603 (ours)
        command, cwd=BASE_DIR, env=dict(environment), stdin=subprocess.DEVNULL
    )
    return done.returncode


if __name__ == "__main__":
    os.chdir(BASE_DIR)
    sys.exit(main(sys.argv[1:]))
