"""`manage.py migrate_from_original`: from an installation of the original to this one."""

import stat
from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections
from pytest_django import Settings

from apps.accounts.models import User, UserState
from apps.accounts.services import sign_in
from apps.framework.models import Api, Enumeration, EnumerationValue, Theme, ThemeColor
from apps.pools import registry
from apps.pools.models import Pool
from apps.queries.models import QuerySql
from apps.setup.original.adoption import Adoption, adopt
from liberty.crypto import decrypt_stored, is_stored_form
from liberty.errors import MalformedRequest, Unauthenticated
from liberty.keys import make_encryption_key
from tests.databases import Database, Server, empty_postgres, postgres_database
from tests.setup.originals import LOCAL, MASTER_KEY, Catalogue, Files, damaged, encrypted, url_of
from tests.setup.repositories import snapshot

DAMAGED = (
    "the master key does not read the password: the text is damaged; the user is moved and cannot sign in"
    " until an administrator sets a password"
)

pytestmark = pytest.mark.usefixtures("models_on_pools")


@pytest.fixture(scope="module")
def databases(postgres_server: Server, worker: str) -> Iterator[list[Database]]:
    """Three databases, each with an owner of its own."""
    with ExitStack() as stack:
        yield [stack.enter_context(postgres_database(postgres_server, worker)) for _ in range(3)]


@pytest.fixture
def original(databases: list[Database]) -> Catalogue:
    """The default database of the original, with users and without any application."""
    catalogue = Catalogue.made_in(databases[0])
    catalogue.add_users()
    return catalogue


@pytest.fixture
def sales(original: Catalogue, databases: list[Database]) -> Catalogue:
    """The database of an application with a catalogue of its own, and a table of its business."""
    catalogue = Catalogue.made_in(databases[1])
    catalogue.execute(
        "CREATE TABLE orders (ord_id integer PRIMARY KEY, ord_note text)",
        "INSERT INTO orders VALUES (7, 'gift')",
    )
    catalogue.add_users()
    catalogue.add_pool(1, "erp", apps_dbtype="oracle", apps_host="erp", apps_password=encrypted("tiger"))
    catalogue.add_query(50, "SELECT ord_id, ord_note FROM orders")
    original.add_pool(2, "sales", databases[1])
    return catalogue


@pytest.fixture
def files(tmp_path: Path, databases: list[Database], settings: Settings) -> Files:
    settings.VAR_DIR = tmp_path / "var"
    files = Files(tmp_path)
    files.write("url", url_of(databases[0]))
    files.write("key", MASTER_KEY)
    return files


def run(files: Files, *arguments: object, key: str = "key") -> tuple[int, str]:
    """Run the command and return its exit status and what it printed."""
    output = StringIO()
    server = Server.of("LIBERTY_TEST_POSTGRES_URL")
    given = (
        f"--original-url-file={files.folder / 'url'}",
        f"--master-key-file={files.folder / key}",
        f"--host={LOCAL}={server.host}:{server.port}",
        f"--report={files.folder / 'report.json'}",
    )
    try:
        call_command("migrate_from_original", *given, *map(str, arguments), stdout=output)
    except SystemExit as end:
        return int(end.code or 0), output.getvalue()
    return 0, output.getvalue()


def refusal(files: Files, *arguments: object, key: str = "key") -> str:
    with pytest.raises(CommandError) as caught:
        run(files, *arguments, key=key)
    assert caught.value.returncode == 2
    return str(caught.value)


def findings(files: Files) -> list[tuple[str, str, str]]:
    return [
        (finding["kind"], finding["place"], finding["reason"])
        for catalogue in files.report()["catalogues"]
        for finding in catalogue["findings"]
    ]


def signs_in(user: str, password: str, catalogue: str = "default") -> bool:
    try:
        return sign_in(user_id=user, password=password, catalogue=catalogue).user_id == user
    except Unauthenticated:
        return False


def reach(pool: str) -> str:
    alias = registry.resolve(pool)
    connections[alias].connect()
    return alias


def test_everything_of_the_default_catalogue_is_moved(original: Catalogue, files: Files) -> None:
    original.add_pool(1, "default")
    original.add_pool(2, "erp", apps_dbtype="oracle", apps_host="erp", apps_password=encrypted("tiger"))
    original.insert("ly_api", api_id=3, api_label="x", api_url="x", api_password=encrypted("of an API"))
    original.add_query(4, "SELECT 1 AS one")
    status, output = run(files, "--apply")
    assert status == 3  # one password is damaged
    assert (Pool.objects.count(), User.objects.count()) == (2, 4)
    assert QuerySql.objects.get().query_sqlquery == "SELECT 1 AS one"
    stored = [
        Pool.objects.values_list("apps_password", flat=True).get(apps_pool="erp"),
        Api.objects.values_list("api_password", flat=True).get(),
    ]
    assert [is_stored_form(text or "") for text in stored] == [True, True]
    assert [decrypt_stored(text or "") for text in stored] == ["tiger", "of an API"]
    assert "secrets: 5 found, 4 readable" in output


def test_users_sign_in_with_their_old_passwords(original: Catalogue, files: Files) -> None:
    run(files, "--apply")
    assert signs_in("admin", "of admin")
    assert signs_in("clerk", "of clerk é")
    assert not signs_in("clerk", "of admin")
    assert not signs_in("machine", "")
    assert User.objects.get(usr_id="admin").is_superuser
    assert not User.objects.get(usr_id="clerk").is_superuser
    texts = User.objects.values_list("usr_id", "password").order_by("usr_id")
    assert {user: (text or "").split("$")[0] for user, text in texts} == {
        "admin": "argon2",
        "clerk": "argon2",
        "machine": "",
        "unlucky": "",
    }


def test_a_one_time_password_that_gave_way_need_not_be_changed(original: Catalogue, files: Files) -> None:
    for user in ("admin", "unlucky"):
        User.objects.create_user(user, "one time")
        UserState.objects.create(usr_id=user, must_change_password=True)
    run(files, "--apply")
    states = UserState.objects.order_by("usr_id").values_list("usr_id", "must_change_password")
    assert list(states) == [("admin", False), ("unlucky", True)]


def test_a_user_whose_password_cannot_be_read_is_moved_and_named(original: Catalogue, files: Files) -> None:
    status, output = run(files, "--apply")
    assert status == 3
    assert findings(files) == [
        (
            "unreadable secret",
            "ly_users (usr_id unlucky)",
            DAMAGED,
        )
    ]
    assert output.splitlines()[-3:-1] == [
        "Not moved (1):",
        f"  default: unreadable secret: ly_users (usr_id unlucky): {DAMAGED}",
    ]
    assert not User.objects.get(usr_id="unlucky").has_usable_password()


def test_a_plan_tells_the_counts_and_changes_nothing(original: Catalogue, files: Files) -> None:
    before = (snapshot(), original.content())
    status, output = run(files)
    assert status == 1
    assert (snapshot(), original.content()) == before
    lines = output.splitlines()
    assert [line.split() for line in lines if line.startswith("  ly_users") or " tables " in line] == [
        ["ly_users", "4", "4", "0", "0", "0"],
        ["69", "tables", "4", "4", "0", "0", "0"],
    ]
    assert lines[-1] == "This is a plan: nothing was changed. --apply carries it out."


def test_a_second_run_changes_nothing(original: Catalogue, files: Files) -> None:
    original.add_pool(2, "erp", apps_dbtype="oracle", apps_host="erp", apps_password=encrypted("tiger"))
    run(files, "--apply")
    moved = snapshot()
    status, output = run(files)
    assert (status, output.splitlines()[-1]) == (0, "This is a plan, and there is nothing to change.")
    run(files, "--apply")
    assert snapshot() == moved


def test_the_original_is_not_written(original: Catalogue, sales: Catalogue, files: Files) -> None:
    before = (original.content(), sales.content())
    run(files, "--apply", "--leave", "sales")
    assert (original.content(), sales.content()) == before


def test_a_wrong_master_key_stops_before_anything_is_written(original: Catalogue, files: Files) -> None:
    files.write("other", "another key")
    before = snapshot()
    assert refusal(files, "--apply", key="other") == (
        "The master key reads none of the secrets of the original (3): it is that of another installation. "
        "Nothing was written"
    )
    assert snapshot() == before


def test_what_would_be_replaced_is_shown(original: Catalogue, files: Files) -> None:
    User.objects.create_user("clerk", "set here", usr_name="Ours")
    User.objects.create_user("only here", "x")
    _, output = run(files, "--verbose")
    assert "  replaced   ly_users (usr_id clerk): usr_password, usr_name" in output.splitlines()
    assert "  only here  ly_users (usr_id only here)" in output.splitlines()
    assert ["ly_users", "4", "3", "1", "0", "1"] in [line.split() for line in output.splitlines()]
    assert signs_in("clerk", "set here")


def test_a_password_set_here_stays_where_the_original_has_none_that_can_be_read(
    original: Catalogue, files: Files
) -> None:
    run(files, "--apply")
    user = User.objects.get(usr_id="unlucky")
    user.set_password("set here")
    user.save()
    run(files, "--apply")
    assert signs_in("unlucky", "set here")


def test_what_does_not_fit_is_left_out_and_told(original: Catalogue, files: Files) -> None:
    original.without_constraints("ly_enum_val", "ly_themes")
    original.execute(
        "ALTER TABLE ly_enum ALTER enum_label TYPE text",
        "ALTER TABLE ly_enum ADD enum_colour text",
        "CREATE TABLE ly_extra (id integer)",
        "INSERT INTO ly_extra VALUES (1), (2)",
        "CREATE TABLE customers (id integer)",
        "DROP TABLE ly_tree",
        "ALTER TABLE ly_language DROP lng_audit_date",
        "INSERT INTO ly_themes (thm_id, thm_name) VALUES (8, 'dark'), (9, 'dark')",
        "INSERT INTO ly_thm_colors VALUES (9, 1, 't', 'x', 'x')",
    )
    original.insert("ly_enum", enum_id=1, enum_label="good", enum_colour="red")
    original.insert("ly_enum", enum_id=2, enum_label="x" * 300)
    original.insert("ly_enum", enum_id=3, enum_label="never", enum_audit_date="infinity")
    for enum, value in ((1, "A"), (2, "B"), (77, "C")):
        original.insert("ly_enum_val", enum_id=enum, val_enum=value)
    status, _ = run(files, "--apply")
    assert status == 3
    left_out = "the row is left out"
    assert [item for item in findings(files) if item[0] != "unreadable secret"] == [
        (
            "table of others",
            "customers",
            "no framework table; it stays, with 0 rows, for a pool to reach",
        ),
        ("unknown table", "ly_extra", "there is no such table here; it stays, with 2 rows"),
        ("missing table", "ly_tree", "the original does not have it; it stays as it is here"),
        ("unknown column", "ly_enum.enum_colour", "there is no such column here; its values in 1 row stay"),
        (
            "wrong value",
            "ly_enum (enum_id 2)",
            f"enum_label: a text of 300 characters, where 40 fit; {left_out}",
        ),
        (
            "wrong value",
            "ly_enum (enum_id 3)",
            "enum_audit_date: a time is expected as YYYY-MM-DDTHH:MM:SS[.ffffff], without a zone; "
            + left_out,
        ),
        ("missing column", "ly_language.lng_audit_date", "the original does not have it: null"),
        ("double row", "ly_themes (thm_id 9)", f"thm_name: another row has this value; {left_out}"),
        (
            "orphan row",
            "ly_enum_val (enum_id 2, val_enum B)",
            f"ly_enum (enum_id 2) is not there; {left_out}",
        ),
        (
            "orphan row",
            "ly_enum_val (enum_id 77, val_enum C)",
            f"ly_enum (enum_id 77) is not there; {left_out}",
        ),
        (
            "orphan row",
            "ly_thm_colors (thm_id 9, tcl_id 1)",
            f"ly_themes (thm_id 9) is not there; {left_out}",
        ),
    ]
    assert list(Enumeration.objects.values_list("enum_id", flat=True)) == [1]
    assert list(EnumerationValue.objects.values_list("enum_id", "val_enum")) == [(1, "A")]


def test_a_row_that_stands_in_the_way_here_keeps_out_what_depends_on_it(
    original: Catalogue, files: Files
) -> None:
    Theme.objects.create(thm_id=77, thm_name="dark")
    original.insert("ly_themes", thm_id=1, thm_name="dark")
    original.insert("ly_thm_colors", thm_id=1, tcl_id=1, tcl_key="t", tcl_light="x", tcl_dark="x")
    run(files, "--apply")
    assert list(Theme.objects.values_list("thm_id", flat=True)) == [77]
    assert ThemeColor.objects.count() == 0
    assert [item[:2] for item in findings(files)] == [
        ("unreadable secret", "ly_users (usr_id unlucky)"),
        ("double row", "ly_themes (thm_id 1)"),
        ("orphan row", "ly_thm_colors (thm_id 1, tcl_id 1)"),
    ]


def test_a_catalogue_needs_a_word(original: Catalogue, sales: Catalogue, files: Files) -> None:
    assert refusal(files, "--apply") == (
        "Nothing was changed: what becomes of the catalogues of these pools is for you to say, with --adopt,"
        " --catalogue or --leave: sales"
    )
    assert Pool.objects.count() == 0
    status, output = run(files)
    assert status == 1
    assert "catalogue undecided: catalogue `sales`: it needs a word" in output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--adopt", "nowhere"], "The original has no application with a PostgreSQL pool `nowhere`"),
        (["--adopt=sales", "--leave=sales"], "There are two words about what becomes of pool `sales`"),
        (["--catalogue", "sales"], "--catalogue needs POOL=FILE"),
        (["--host", "x=y:z"], "--host needs NAME=ADDRESS, where ADDRESS is HOST or HOST:PORT"),
    ],
)
def test_wrong_choices_are_refused(
    sales: Catalogue, files: Files, arguments: list[str], message: str
) -> None:
    assert refusal(files, *arguments) == message


def test_an_adopted_catalogue_is_used_where_it_is(
    original: Catalogue, sales: Catalogue, files: Files
) -> None:
    before = sales.content()
    status, output = run(files, "--apply", "--adopt", "sales")
    assert status == 3
    backup = files.folder / "var" / "migration" / "adopted-sales-1.json"
    assert f"  what stood there is in {backup}" in output.splitlines()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert "of admin" not in backup.read_text()
    reach("sales")
    assert signs_in("clerk", "of clerk é", catalogue="sales")
    after = sales.content()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"ly_users", "ly_applications"}
    assert run(files, "--apply", "--adopt", "sales")[1].count("0 secrets replaced") == 1


def test_an_adopted_catalogue_is_given_back(original: Catalogue, sales: Catalogue, files: Files) -> None:
    before = sales.content()
    run(files, "--apply", "--adopt", "sales")
    user = User.objects.using(reach("sales")).get(usr_id="clerk")
    user.set_password("set here")
    user.save(using="sales")
    output = StringIO()
    backup = files.folder / "var" / "migration" / "adopted-sales-1.json"
    call_command("migrate_from_original", "--give-back", str(backup), stdout=output)
    assert output.getvalue().splitlines() == [
        "2 secrets of pool `sales` given back to the original.",
        "  ly_users (usr_id clerk) was changed since, and stays",
    ]
    after = sales.content()
    assert {name for name in after if after[name] != before[name]} == {"ly_users"}


def test_a_backup_of_a_run_at_the_same_time_is_not_written_over(tmp_path: Path) -> None:
    """Its texts are those that are stored: with others in their place nothing could be given back."""
    backup = tmp_path / "adopted-sales-1.json"
    backup.write_text("of the other run")
    with pytest.raises(MalformedRequest, match="cannot be written"):
        adopt(Adoption("default", ()), backup)
    assert backup.read_text() == "of the other run"


def test_a_catalogue_is_given_back_whole_after_a_rotation_of_keys(
    original: Catalogue, sales: Catalogue, files: Files, settings: Settings
) -> None:
    before = sales.content()
    run(files, "--apply", "--adopt", "sales")
    settings.LIBERTY_ENCRYPTION_KEY = f"{make_encryption_key()},{settings.LIBERTY_ENCRYPTION_KEY}"
    reach("sales")
    call_command("rotate_key", "--without=sales/erp", stdout=StringIO())
    output = StringIO()
    backup = files.folder / "var" / "migration" / "adopted-sales-1.json"
    call_command("migrate_from_original", "--give-back", str(backup), stdout=output)
    assert output.getvalue() == "3 secrets of pool `sales` given back to the original.\n"
    assert sales.content() == before


def test_a_catalogue_is_copied_into_an_empty_database(
    original: Catalogue, sales: Catalogue, files: Files, databases: list[Database]
) -> None:
    empty_postgres(databases[2])
    target = files.write("target", url_of(databases[2]))
    before = sales.content()
    status, output = run(files, "--catalogue", f"sales={target}")
    assert status == 1
    assert "  its tables will be made" in output
    status, output = run(files, "--apply", "--catalogue", f"sales={target}")
    assert status == 3
    assert sales.content() == before
    pool = Pool.objects.get(apps_pool="sales")
    assert (pool.apps_database, pool.apps_user) == (databases[2].name, databases[2].user)
    alias = reach("sales")
    assert signs_in("clerk", "of clerk é", catalogue="sales")
    assert QuerySql.objects.using(alias).get().query_id == 50
    assert run(files, "--catalogue", f"sales={target}")[0] == 0


def test_a_catalogue_is_converted_in_a_copy_of_its_database(
    original: Catalogue, sales: Catalogue, files: Files, databases: list[Database]
) -> None:
    copy = Catalogue.made_in(databases[2])
    copy.add_users()
    target = files.write("target", url_of(databases[2]))
    assert run(files, "--apply", "--catalogue", f"sales={target}")[0] == 3
    reach("sales")
    assert signs_in("clerk", "of clerk é", catalogue="sales")


def test_the_copy_must_be_another_database(
    original: Catalogue, sales: Catalogue, files: Files, databases: list[Database]
) -> None:
    target = files.write("target", url_of(databases[1]))
    assert refusal(files, "--apply", "--catalogue", f"sales={target}") == (
        "The target for catalogue `sales` is the original's own database: give it one of its own, or take it"
        " over with --adopt"
    )
    assert Pool.objects.count() == 0


def test_a_database_that_does_not_answer_needs_a_word(original: Catalogue, files: Files) -> None:
    original.add_pool(
        5,
        "gone",
        apps_dbtype="postgres",
        apps_host="127.0.0.1",
        apps_port=1,
        apps_database="x",
        apps_user="x",
    )
    assert refusal(files, "--apply").endswith("--leave: gone")
    assert refusal(files, "--apply", "--adopt", "gone").startswith("The database of pool `gone`")
    assert Pool.objects.count() == 0
    assert run(files, "--apply", "--leave", "gone")[0] == 3
    assert Pool.objects.get().apps_pool == "gone"


def test_the_address_and_the_key_are_asked_for(
    original: Catalogue, databases: list[Database], files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([url_of(databases[0]), MASTER_KEY])
    monkeypatch.setattr("apps.setup.management.original.getpass", lambda prompt: next(answers))
    with pytest.raises(SystemExit):
        call_command("migrate_from_original", stdout=StringIO())
    assert list(answers) == []


def test_the_address_and_the_key_come_from_the_environment(
    original: Catalogue, databases: list[Database], files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIBERTY_ORIGINAL_DATABASE_URL", url_of(databases[0]))
    monkeypatch.setenv("LIBERTY_ORIGINAL_MASTER_KEY", MASTER_KEY)
    output = StringIO()
    with pytest.raises(SystemExit):
        call_command("migrate_from_original", stdout=output)
    assert "secrets: 3 found, 2 readable" in output.getvalue()
    assert str(files.folder / "var" / "migration" / "report.json") in output.getvalue()


@pytest.mark.parametrize(
    "address",
    ["", "mysql://u:secret@h/d", "postgresql://u:secret@/d", "postgresql://u:secret@h:x/d", "postgresql://["],
)
def test_a_wrong_address_is_refused_without_showing_it(files: Files, address: str) -> None:
    files.write("url", address)
    message = refusal(files)
    assert "secret" not in message


def test_a_database_without_framework_tables_is_refused(files: Files, databases: list[Database]) -> None:
    empty_postgres(databases[0])
    assert refusal(files) == (
        f"The original's default database ({databases[0].name} on {databases[0].server.host}:"
        f"{databases[0].server.port}) holds no framework tables"
    )


def test_a_reader_with_another_name_finds_the_schema(
    original: Catalogue, databases: list[Database], files: Files, postgres_server: Server
) -> None:
    """A company lets a role read that may do nothing else."""
    name = f"{databases[0].name}_reader"
    postgres_server.execute(
        f"CREATE ROLE {name} LOGIN PASSWORD 'r'",
        f"GRANT pg_read_all_data TO {name}",
        f"GRANT CONNECT ON DATABASE {databases[0].name} TO {name}",
    )
    try:
        url = url_of(databases[0]).replace(f"{databases[0].user}:{databases[0].password}", f"{name}:r")
        files.write("url", url)
        assert run(files)[0] == 1
    finally:
        postgres_server.execute(
            f"REVOKE CONNECT ON DATABASE {databases[0].name} FROM {name}", f"DROP ROLE {name}"
        )


def test_nothing_secret_is_told(original: Catalogue, sales: Catalogue, files: Files) -> None:
    _, output = run(files, "--apply", "--adopt", "sales", "--verbose")
    shown = output + (files.folder / "report.json").read_text()
    secrets: list[Any] = [
        "of admin",
        "of clerk",
        "tiger",
        MASTER_KEY,
        "ENC:",
        "argon2",
        sales.database.password,
    ]
    assert [secret for secret in secrets if secret in shown] == []


def test_a_damaged_password_among_good_ones_is_no_wrong_key() -> None:
    assert damaged() != encrypted("lost")


def test_an_interrupted_move_goes_on(
    original: Catalogue, sales: Catalogue, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The default catalogue is written first: what comes after it is left to the next run."""

    def stopped(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("apps.setup.original.moving.adopt", stopped)
        with pytest.raises(KeyboardInterrupt):
            run(files, "--apply", "--adopt", "sales")
    assert Pool.objects.get().apps_pool == "sales"
    reach("sales")
    assert not signs_in("clerk", "of clerk é", catalogue="sales")
    assert run(files, "--apply", "--adopt", "sales")[0] == 3
    assert signs_in("clerk", "of clerk é", catalogue="sales")
    assert User.objects.count() == 4
