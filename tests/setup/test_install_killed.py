"""An installation that is killed: real processes, at moments drawn from a fixed seed."""

import os
import random
import re
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.databases import Server, run, sqlite_connection
from tests.setup.installations import Installation, Names, new_names
from tests.setup.test_install_from_current import Embedded, counts_in, move

# Ten are asked for; a suite that runs many times a day takes three of them.
KILLS = int(os.environ.get("LIBERTY_TEST_KILLS", "3"))


def killed_at(installation: Installation, names: Names, moment_s: float, *more: str) -> str:
    """Kill an installation that long after its first line, and return what it has shown."""
    process = installation.start(
        *installation.install_arguments(names, *more), LIBERTY_INSTALL_PASSWORD=names.password
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(moment_s)
    process.kill()
    rest, _ = process.communicate()
    return first + rest


def duration_of(action: Callable[[], object]) -> float:
    begun = time.monotonic()
    action()
    return time.monotonic() - begun


def moments(longest_s: float, seed: int) -> list[float]:
    drawn = random.Random(seed)  # noqa: S311
    return [drawn.uniform(0, longest_s) for _ in range(KILLS)]


def test_a_repeat_finishes_a_killed_installation(
    tmp_path: Path, postgres_server: Server, worker: str
) -> None:
    with new_names(postgres_server, worker) as names:
        names.make()
        first = Installation(tmp_path / "first")
        longest_s = duration_of(lambda: first.install(names))
        whole = counts_in(names)
    for number, moment_s in enumerate(moments(longest_s, seed=4)):
        with new_names(postgres_server, worker) as names:
            names.make()
            installation = Installation(tmp_path / str(number))
            shown = killed_at(installation, names, moment_s)
            # Nothing, or all of it.
            assert names.tables() in (set(), set(whole)), shown
            shown = shown + installation.install(names)
            assert counts_in(names) == whole
            _sign_in_is_possible(installation, shown)


def _sign_in_is_possible(installation: Installation, shown: str) -> None:
    """The last one-time password that was shown is the administrator's."""
    password = re.findall(r"one-time password (\w{20})\b", shown)[-1]
    checked = installation.run(
        "manage.py",
        "shell",
        "-v0",
        "-c",
        "import os; from apps.accounts.services import sign_in;"
        "print(sign_in(user_id='admin', password=os.environ['GIVEN']).is_platform_admin)",
        GIVEN=password,
    )
    assert checked.strip().endswith("True")


def test_a_repeat_finishes_a_killed_move(tmp_path: Path, postgres_server: Server, worker: str) -> None:
    with new_names(postgres_server, worker) as names:
        names.make()
        first = Embedded(tmp_path / "first")
        kept = first.counts()
        longest_s = duration_of(lambda: move(first, names))
    for number, moment_s in enumerate(moments(longest_s, seed=5)):
        with new_names(postgres_server, worker) as names:
            names.make()
            embedded = Embedded(tmp_path / str(number))
            killed_at(embedded, names, moment_s, "--from-current")
            if not embedded.configuration.exists():
                with closing(sqlite_connection(embedded.file)) as connection:
                    assert run(connection, "SELECT count(*) FROM ly_users") == [(2,)]
            move(embedded, names)
            moved = counts_in(names)
            assert {name: moved[name] for name in kept if name != "django_migrations"} == {
                name: count for name, count in kept.items() if name != "django_migrations"
            }
