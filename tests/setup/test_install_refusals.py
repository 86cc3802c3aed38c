"""What keeps a set-up from being done: each is told with its step, undone, and tells no secret."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from liberty.settings.env import BASE_DIR
from tests.databases import Server
from tests.setup.installations import PASSWORD, Installation, Names, mode_of, overtaken


def refusal(installation: Installation, names: Names, *more: str, **variables: str) -> str:
    """Run an installation that fails, and return its last line."""
    status, shown = installation.finish(
        *installation.install_arguments(names, *more),
        **({"LIBERTY_INSTALL_PASSWORD": names.password} | variables),
    )
    assert status == 1
    assert names.password not in shown
    assert names.server.password not in shown
    assert not installation.configuration.exists()
    return shown.strip().splitlines()[-1]


def test_wrong_credentials(installation: Installation, names: Names) -> None:
    assert refusal(installation, names) == (
        "CommandError: Set-up failed at step `connect`: the database refuses its user or password. "
        "If its role or database is not there yet, name a maintenance account, which makes them."
    )


def test_an_admin_password_that_is_too_short(installation: Installation, names: Names) -> None:
    """It is refused before anything is made."""
    line = refusal(
        installation,
        names,
        f"--maintenance-user={names.server.user}",
        LIBERTY_INSTALL_MAINTENANCE_PASSWORD=names.server.password,
        LIBERTY_INSTALL_ADMIN_PASSWORD="short",
    )
    assert line == (
        "CommandError: admin_password: This password is too short. It must contain at least 8 characters."
    )


def test_a_missing_database(installation: Installation, names: Names) -> None:
    names.make()
    names.server.execute(f'DROP DATABASE "{names.database}"')
    assert refusal(installation, names) == (
        "CommandError: Set-up failed at step `connect`: its database does not exist on the server. "
        "If its role or database is not there yet, name a maintenance account, which makes them."
    )


def test_a_wrong_maintenance_account(installation: Installation, names: Names) -> None:
    line = refusal(installation, names, "--maintenance-user=nobody", LIBERTY_INSTALL_MAINTENANCE_PASSWORD="x")
    assert line == (
        "CommandError: Set-up failed at step `connect`: as the maintenance user: "
        "the database refuses its user or password."
    )


def test_a_wrong_password_of_a_role_that_is_there(installation: Installation, names: Names) -> None:
    """The role's password is never changed."""
    names.make()
    wrong = Names(names.server, names.database, names.user, "another")
    line = refusal(
        installation,
        wrong,
        f"--maintenance-user={names.server.user}",
        LIBERTY_INSTALL_MAINTENANCE_PASSWORD=names.server.password,
    )
    assert line == (
        "CommandError: Set-up failed at step `connect`: role and database are there, but "
        "the database refuses its user or password."
    )
    assert names.tables() == set()


def test_a_failure_after_role_and_database_are_made_drops_them(
    installation: Installation, names: Names
) -> None:
    # No file can be put where a folder is.
    installation.configuration.mkdir()
    status, shown = installation.finish(
        *installation.install_arguments(names, f"--maintenance-user={names.server.user}"),
        LIBERTY_INSTALL_PASSWORD=names.password,
        LIBERTY_INSTALL_MAINTENANCE_PASSWORD=names.server.password,
    )
    assert status == 1
    assert names.exist() == (False, False), shown


def test_tables_of_others_stay_untouched(installation: Installation, names: Names) -> None:
    names.make()
    names.rows("CREATE TABLE customers AS SELECT 1 AS id")
    installation.install(names)
    assert names.rows("SELECT id FROM customers") == [(1,)]
    assert {"customers", "ly_users", "django_migrations"} <= names.tables()


def test_tables_of_the_original_are_refused(installation: Installation, names: Names) -> None:
    names.make()
    names.rows("CREATE TABLE ly_users AS SELECT 'ada' AS usr_id")
    assert refusal(installation, names) == (
        "CommandError: Set-up failed at step `examine`: the database has tables of others under names that "
        "we need: `ly_users`. Take an empty database. How the data of an installation of the original is "
        "moved, docs/migrating.md says."
    )
    assert names.tables() == {"ly_users"}


def test_an_account_that_may_make_no_tables(
    installation: Installation, names: Names, postgres_server: Server
) -> None:
    names.make()
    postgres_server.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC", database=names.database)
    postgres_server.execute(f'ALTER DATABASE "{names.database}" OWNER TO {postgres_server.user}')
    assert "may not make tables in schema `public`" in refusal(installation, names)


def test_a_database_of_another_encoding(installation: Installation, names: Names) -> None:
    names.make()
    names.server.execute(
        f'DROP DATABASE "{names.database}"',
        f'CREATE DATABASE "{names.database}" OWNER "{names.user}" TEMPLATE template0'
        " ENCODING 'SQL_ASCII' LOCALE 'C'",
    )
    assert refusal(installation, names).endswith("has the encoding SQL_ASCII, and UTF8 is needed.")


def test_an_environment_that_would_win(installation: Installation, names: Names, tmp_path: Path) -> None:
    status, shown = installation.finish(
        *installation.install_arguments(names),
        LIBERTY_DATABASE_URL=f"sqlite:///{tmp_path / 'x.sqlite3'}",
        LIBERTY_INSTALL_PASSWORD=PASSWORD,
    )
    assert (status, "Another framework database is in use" in shown) == (1, True)


def test_a_database_installed_before_is_taken_up_again(
    installation: Installation, names: Names, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The configuration of an installation is lost: its users and passwords stay."""
    names.make()
    installation.install(names, LIBERTY_INSTALL_ADMIN_PASSWORD="the first one")
    before = names.rows("SELECT usr_password FROM ly_users")
    installation.configuration.unlink()
    shown = installation.install(names, LIBERTY_INSTALL_ADMIN_PASSWORD="the second one")
    assert "its users and their passwords stay as they are" in shown
    assert names.rows("SELECT usr_password FROM ly_users") == before


def test_another_server_that_is_faster_keeps_its_database(
    installation: Installation, names: Names, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The slower one saw an empty database: it neither takes the administrator over nor drops the tables."""
    names.make()
    faster = Installation(tmp_path_factory.mktemp("faster"))
    status, shown = overtaken(installation, faster, names)
    assert (status, shown.strip().splitlines()[-1]) == (
        1,
        "CommandError: Another set-up has just filled this database; nothing was changed.",
    )
    assert not installation.configuration.exists()
    assert "ly_users" in names.tables()
    one_time = next(line for line in shown.splitlines() if "one-time password" in line).split()[-1]
    with faster.serving() as server:
        answer = server.call("/api/auth/token", {"user": "admin", "password": one_time})
    assert (answer.status, "must be changed" in answer.body["message"]) == (403, True)


def test_a_database_with_secrets_under_a_lost_key_is_refused(
    installation: Installation, names: Names, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names.make()
    other = Installation(tmp_path_factory.mktemp("other"))
    other.install(names)
    secret = json.loads(other.configuration.read_text())["password"]
    names.rows(f"UPDATE ly_applications SET apps_password = '{secret}'")
    line = refusal(installation, names)
    assert line.startswith(
        "CommandError: Set-up failed at step `examine`: No key in LIBERTY_ENCRYPTION_KEY reads"
    )


def test_a_lost_key_keeps_the_server_from_starting_and_is_not_made_anew(
    installation: Installation, names: Names
) -> None:
    """Case S07."""
    names.make()
    installation.install(names)
    key = installation.folder / "secrets" / "encryption_key"
    key.unlink()
    for arguments in (("-m", "liberty.keys"), ("manage.py", "preflight"), ("manage.py", "check")):
        status, shown = installation.finish(*arguments)
        assert (status, "cannot be decrypted" in shown, "Traceback" in shown) == (1, True, False), shown
    assert not key.exists()


@pytest.mark.parametrize("content", ["", "{}", '{"host": 1}', "\x00"])
def test_a_damaged_configuration_keeps_the_server_from_starting(
    installation: Installation, content: str
) -> None:
    installation.configuration.write_text(content)
    status, shown = installation.finish("manage.py", "preflight")
    assert (status, shown) == (
        1,
        f"Refused: {installation.configuration} is damaged: put it back from your backup\n",
    )
    assert not (installation.folder / "liberty.sqlite3").exists()


def test_other_commands_say_what_is_missing(installation: Installation) -> None:
    status, shown = installation.finish("manage.py", "migrate")
    assert (status, shown) == (
        1,
        "Refused: Liberty API is not installed yet: open /setup in a browser, or run `manage.py install`.\n",
    )


def test_the_configuration_holds_no_clear_password(installation: Installation, names: Names) -> None:
    names.make()
    installation.install(names)
    written = json.loads(installation.configuration.read_text())
    assert written.pop("password").startswith("ENC:v1:")
    assert written.pop("date")
    assert written == {name: value for name, value in names.members.items() if name != "password"}
    assert mode_of(installation.configuration) == 0o600


def test_outside_its_environment_a_command_says_how_to_make_it() -> None:
    # Without site packages, as a Python has it that nothing was installed for.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "manage.py", "check"], cwd=BASE_DIR, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (
        1,
        "django is not installed here: `make environment` makes .venv, and `.venv/bin/python manage.py` runs "
        "in it.\n",
    )
