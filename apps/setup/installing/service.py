"""Installing the framework database on PostgreSQL: one call for the endpoint, the page and the command.

The tables and their first rows are written in one transaction, so whoever is killed leaves nothing or all
of it. Then the configuration file is written, from which on every worker uses the new database. A set-up that
was killed in between has left a mark in the database: the next one finishes it.
"""

import fcntl
import logging
import secrets
import string
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection, transaction

from apps.accounts.models import User, UserState
from apps.framework.services import load_fixtures
from apps.setup.applications import add_default_application
from apps.setup.installing import database, token
from apps.setup.installing.database import Content
from apps.setup.installing.progress import Progress, Stage, Step, forget_progress, note_progress
from apps.setup.installing.stand_in import as_framework_database, target_settings
from apps.setup.installing.state import (
    configuration_file,
    follow,
    framework_settings,
    is_by_environment,
    is_installed,
)
from apps.setup.installing.wish import Target, Wish
from apps.setup.migrating import Migrated, migrate
from apps.setup.stored_secrets import KEY_HINT, lost_keys, secret_columns, secrets_in
from liberty.configuration import Configuration, write_configuration
from liberty.crypto import encrypt_stored, is_key_known
from liberty.errors import AlreadyInstalled, InstallFailed, LibertyError

logger = logging.getLogger("liberty.setup")

ADMIN = "admin"
PASSWORD_LENGTH = 20
LOCK_NAME = "setup.lock"
# Any number that no other program takes for an advisory lock of a database.
_ADVISORY_LOCK = 0x4C_69_62_65_72_74_79
_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Installed:
    """What an installation has come to. `is_new` is False where the target was in use already."""

    is_new: bool
    administrator: str = ""
    """What is to be known of the first administrator; no password."""
    backup: Path | None = None
    """Where the embedded database's data is kept as it was, if it has moved."""

    @property
    def message(self) -> str:
        if not self.is_new:
            return "This database is installed already; nothing was changed."
        return f"Installation successful. {self.administrator}".strip()


def install(
    wish: Wish, *, progress: Progress = lambda stage: None, show: Callable[[str], None] | None = None
) -> Installed:
    """Make the target of `wish` the framework database, and use it in this process from now on.

    `show` is given a one-time password, if one is made; by default it goes to the console. Raises
    AlreadyInstalled where another database is in use or another set-up is running, InstallFailed with the
    step that failed; what was made is undone then.
    """
    follow(at_once=True)
    found = _in_use(wish.target)
    if found is not None:
        return found
    with only_one(progress) as tell:
        # Another one may just have come to its end.
        follow(at_once=True)
        found = _in_use(wish.target)
        return found if found is not None else _install(wish, tell, show or _show_on_console)


def _in_use(target: Target) -> Installed | None:
    """Return the answer where the target is in use; None where nothing is installed.

    Raises AlreadyInstalled where another database is.
    """
    if not is_installed():
        return None
    if is_current(target):
        return Installed(is_new=False)
    raise AlreadyInstalled(
        "Another framework database is in use. `manage.py install --from-current` moves an embedded one to "
        "PostgreSQL."
    )


def is_current(target: Target) -> bool:
    """Whether the target is the framework database in use, whatever the password."""
    wanted, current = target_settings(target), framework_settings()
    return all(
        str(wanted[name]) == str(current.get(name, "")) for name in ("ENGINE", "HOST", "PORT", "NAME", "USER")
    )


@contextmanager
def only_one(progress: Progress) -> Iterator[Progress]:
    """Let one set-up of this installation run at a time, and yield what its stages are to be told to.

    Raises AlreadyInstalled while another one is running.
    """
    file = Path(settings.VAR_DIR) / LOCK_NAME
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def tell(stage: Stage) -> None:
        note_progress(stage)
        progress(stage)

    with file.open("a") as lock:
        try:
            # The kernel takes it back from whoever is killed.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise AlreadyInstalled("Another set-up is running.") from exc
        try:
            yield tell
        finally:
            forget_progress()


def _install(wish: Wish, tell: Progress, show: Callable[[str], None]) -> Installed:
    check_configurable()
    tell(Stage(Step.CONNECT))
    with database.prepared(wish):
        tell(Stage(Step.EXAMINE))
        content = database.examine(wish.target)
        with (
            steps(tell) as begin,
            as_framework_database(wish.target),
            database.emptied_again(content) as note_committed,
        ):
            with transaction.atomic():
                lock_target(content)
                migrate_target(content, begin)
                begin(Stage(Step.FIXTURES))
                load_fixtures()
                add_default_application()
                begin(Stage(Step.ADMINISTRATOR))
                administrator, one_time = _make_administrator(wish, content)
            note_committed()
            if one_time:
                # Before it is of use to anybody: a set-up that is killed here makes another one.
                show(one_time)
            begin(Stage(Step.CONFIGURE))
            # From here on the administrator's password is known: the next set-up keeps it.
            database.mark_finished(wish.target)
            configure(wish.target)
    finish()
    return Installed(is_new=True, administrator=administrator)


def check_configurable() -> None:
    """Raise InstallFailed where the configuration could not be kept, before anything is made."""
    if is_by_environment():
        raise InstallFailed(Step.CHECK, "LIBERTY_DATABASE_URL is set, and would win over what is installed.")
    try:
        encrypt_stored("")
    except ImproperlyConfigured as exc:
        raise InstallFailed(Step.CHECK, f"{exc}. `python -m liberty.keys` makes a key.") from exc


@contextmanager
def steps(tell: Progress) -> Iterator[Progress]:
    """Yield what begins a step; a database or file that refuses is told as a failure of that step."""
    current = Step.CONNECT

    def begin(stage: Stage) -> None:
        nonlocal current
        current = stage.step
        tell(stage)

    try:
        yield begin
    except LibertyError:
        raise
    except Error as exc:
        raise InstallFailed(current, _in_words(exc)) from exc
    except OSError as exc:
        raise InstallFailed(current, f"a file cannot be written: {exc.strerror}.") from exc


def _in_words(exc: Error) -> str:
    """Return the server's own sentence, without what it quotes of statements and values."""
    diagnosis = getattr(exc.__cause__, "diag", None)
    reason = getattr(diagnosis, "message_primary", None)
    logger.warning("set-up failed: %s", reason or "the server does not answer")
    return f"the server refused: {reason}." if reason else "the server does not answer."


def lock_target(content: Content) -> None:
    """Keep other installations, on other machines, from this database until the transaction ends.

    Raises AlreadyInstalled while one of them works on it, or has done so since it was examined.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_ADVISORY_LOCK])
        if cursor.fetchone() != (True,):
            raise AlreadyInstalled("Another set-up is running.")
    database.require_unchanged(content)


def migrate_target(content: Content, begin: Progress) -> None:
    """Bring the target to the newest migrations, and note that a new one is not finished."""

    def told(done: Migrated) -> None:
        begin(Stage(Step.MIGRATE, done.done, done.total, done.migration))

    begin(Stage(Step.MIGRATE))
    # What was remembered of types belongs to another database.
    ContentType.objects.clear_cache()
    migrate("default", on_progress=told)
    if not content.is_ours:
        database.mark_unfinished()
    _require_keys()


def _require_keys() -> None:
    """Refuse a database of ours whose secrets no key of this installation reads."""
    lost = [
        secret
        for column in secret_columns()
        for secret in secrets_in(column, "default")
        if not is_key_known(secret.text)
    ]
    if lost:
        raise InstallFailed(Step.EXAMINE, f"{lost_keys(lost)} {KEY_HINT}")


def _make_administrator(wish: Wish, content: Content) -> tuple[str, str | None]:
    """Make the first administrator; return what is to be known of him, and the one-time password if any.

    A database of a finished installation keeps its users.
    """
    if content.is_finished and User.objects.filter(usr_status="Y", usr_admin="Y").exists():
        return "The database was installed before: its users and their passwords stay as they are.", None
    password = wish.admin_password or "".join(secrets.choice(_LETTERS) for _ in range(PASSWORD_LENGTH))
    user = User.objects.filter(usr_id=ADMIN).first()
    if user is None:
        User.objects.create_superuser(
            ADMIN,
            password,
            usr_name="Administrator",
            usr_language="en",
            usr_readonly="N",
            usr_theme="liberty",
        )
    else:
        user.usr_status = user.usr_admin = "Y"
        user.set_password(password)
        user.save()
    is_one_time = wish.admin_password is None
    UserState.objects.update_or_create(usr_id=ADMIN, defaults={"must_change_password": is_one_time})
    if is_one_time:
        return f"The one-time password of user `{ADMIN}` is shown on the server's console only.", password
    return f"Sign in as user `{ADMIN}`.", None


def configure(target: Target) -> None:
    """Write the configuration file, from which on every process uses the target. Raises OSError."""
    write_configuration(
        configuration_file(),
        Configuration(
            host=target.host,
            port=target.port,
            database=target.database,
            user=target.user,
            password=encrypt_stored(target.password),
            date=datetime.now(UTC).isoformat(timespec="seconds"),
        ),
    )


def finish() -> None:
    """Use the new database in this process, and remove the token."""
    follow(at_once=True)
    token.remove_token()


def _show_on_console(password: str) -> None:
    # Past the log, which is kept.
    print(
        f"User {ADMIN}, one-time password {password}: it is to be changed at the first sign-in.",
        file=sys.stderr,
        flush=True,
    )
