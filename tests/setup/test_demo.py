"""The demo: what it loads, where it refuses to, and that it leaves alone what is there."""

import hashlib
import re
import shutil
import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from pytest_django import Settings

from apps.accounts.models import User
from apps.framework.models import Dictionary, DictionaryLabel, Module
from apps.pools.models import Pool
from apps.queries.models import DefinitionPolicy, Query, QuerySql
from apps.setup.checks import check_demo_user
from apps.setup.demo.business import write_business
from apps.setup.demo.dictionary import ENTRIES
from apps.setup.demo.queries import NUMBERS, QUERIES
from apps.setup.demo.services import load_demo
from apps.setup.management.commands.load_demo import NO_USER
from liberty.errors import Forbidden
from liberty.settings.env import BASE_DIR

# Of every row, in order: another version of Python or SQLite must give the same.
BUSINESS_DIGEST = "e51d41f26d4aa8d5706542eaae6ad127f063e753e0fc887e3e206b43cbe2e860"


@pytest.fixture(scope="session")
def business(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("business") / "demo.sqlite3"
    write_business(file)
    return file


@pytest.fixture
def place(db: None, settings: Settings, tmp_path: Path, business: Path) -> Path:
    """A place for the demo, whose business database is there already."""
    settings.VAR_DIR = tmp_path
    settings.LIBERTY_DEMO = True
    shutil.copy(business, tmp_path / "demo.sqlite3")
    return tmp_path


def content_of(file: Path) -> list[tuple[object, ...]]:
    tables = ("customers", "products", "orders", "order_lines")
    with closing(sqlite3.connect(file)) as connection:
        return [row for table in tables for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]


def output_of(*arguments: str) -> str:
    output = StringIO()
    call_command("load_demo", *arguments, stdout=output)
    return output.getvalue()


def test_the_business_database_is_the_same_everywhere(business: Path) -> None:
    assert hashlib.sha256(repr(content_of(business)).encode()).hexdigest() == BUSINESS_DIGEST


def test_the_business_database_has_every_kind_of_value(business: Path) -> None:
    with closing(sqlite3.connect(business)) as connection:
        facts = connection.execute(
            """SELECT (SELECT count(*) FROM customers), (SELECT count(*) FROM products),
                      (SELECT count(*) FROM orders), (SELECT count(*) FROM order_lines),
                      (SELECT count(*) > 0 FROM customers WHERE cus_credit IS NULL),
                      (SELECT count(*) > 0 FROM customers WHERE cus_city LIKE '%é%'),
                      (SELECT count(*) > 0 FROM products WHERE prd_discontinued),
                      (SELECT count(*) > 0 FROM products WHERE prd_description LIKE '%' || char(10) || '%'),
                      (SELECT count(DISTINCT cus_name) FROM customers),
                      (SELECT count(DISTINCT prd_name_fr) FROM products)"""
        ).fetchone()
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    assert (facts, broken) == ((500, 200, 3000, 7919, 1, 1, 1, 1, 500, 200), [])


def test_the_total_of_an_order_is_that_of_its_lines(business: Path) -> None:
    line_total = "lin_quantity * lin_price * (100 - coalesce(lin_discount, 0)) / 100.0"
    with closing(sqlite3.connect(business)) as connection:
        wrong = connection.execute(
            f"""SELECT ord_id FROM orders JOIN order_lines USING (ord_id)
                GROUP BY ord_id, ord_total HAVING abs(ord_total - sum({line_total})) > 0.03"""
        ).fetchall()
    assert wrong == []


def test_an_unfinished_file_of_a_run_that_was_stopped_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "demo.sqlite3.unfinished").write_text("half")
    write_business(tmp_path / "demo.sqlite3")
    assert [file.name for file in tmp_path.iterdir()] == ["demo.sqlite3"]


def test_users_are_an_administrator_and_a_reader(place: Path) -> None:
    password = load_demo().admin_password
    admin, demo = User.objects.get(usr_id="admin"), User.objects.get(usr_id="demo")
    assert password is not None
    assert (admin.check_password(password), demo.check_password("demo")) == (True, True)
    assert (admin.usr_admin, admin.usr_readonly, demo.usr_admin, demo.usr_readonly) == ("Y", "N", "N", "Y")
    assert identify_hasher(admin.password or "").algorithm == "argon2"


def test_applications_are_the_framework_and_the_demo(place: Path) -> None:
    load_demo()
    rows = Pool.objects.order_by("apps_id").values_list("apps_id", "apps_name", "apps_pool", "apps_database")
    assert list(rows) == [
        (1, "LIBERTY", "default", None),
        (2, "DEMO", "demo", str(place / "demo.sqlite3")),
    ]


def test_queries_are_stored_in_the_numbers_of_the_demo(place: Path) -> None:
    load_demo()
    assert [query.number for query in QUERIES] == sorted(Query.objects.values_list("query_id", flat=True))
    assert all(query.number in NUMBERS for query in QUERIES)
    assert {(row.query_crud, row.query_pool) for row in QuerySql.objects.all()} == {
        (verb, "demo") for verb in ("GET", "POST", "PUT", "DELETE")
    }


def test_public_queries_are_gets_alone(place: Path) -> None:
    load_demo()
    marks = DefinitionPolicy.objects.order_by("query_id").values_list("query_id", "crud", "public")
    assert list(marks) == [(number, "GET", True) for number in (9001, 9002, 9003, 9004, 9005, 9006, 9008)]


def test_the_documentation_lists_every_query_and_verb() -> None:
    text = (BASE_DIR / "docs" / "demo.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| (9\d{3}) \| ([A-Z]+) \|.*\| (yes|no|) ?\|$", text, re.MULTILINE)
    assert [(int(number), verb, public == "yes") for number, verb, public in documented] == [
        (query.number, verb, query.public and verb == "GET") for query in QUERIES for verb in query.statements
    ]


def test_every_entry_of_the_dictionary_has_two_labels(place: Path) -> None:
    load_demo()
    names = [entry.name for entry in ENTRIES]
    english = Dictionary.objects.filter(dd_id__in=names).values_list("dd_id", "dd_label")
    french = DictionaryLabel.objects.filter(dd_id__in=names, lng_id="fr").values_list("dd_id", "lng_label")
    assert (dict(english), dict(french)) == (
        {entry.name: entry.english for entry in ENTRIES},
        {entry.name: entry.french for entry in ENTRIES},
    )


def test_a_second_run_keeps_what_was_changed_and_deleted(place: Path) -> None:
    load_demo()
    Query.objects.filter(query_id=9003).delete()
    Query.objects.filter(query_id=9001).update(query_label="Clients")
    Module.objects.filter(module_id="menus").delete()
    User.objects.filter(usr_id="demo").delete()
    with closing(sqlite3.connect(place / "demo.sqlite3")) as connection, connection:
        connection.execute("DELETE FROM order_lines")
    second = load_demo()
    assert (second.is_new, second.admin_password) == (False, None)
    assert Query.objects.get(query_id=9001).query_label == "Clients"
    assert not Query.objects.filter(query_id=9003).exists()
    assert not Module.objects.filter(module_id="menus").exists()
    assert not User.objects.filter(usr_id="demo").exists()
    assert len(content_of(place / "demo.sqlite3")) == 500 + 200 + 3000


def test_rows_that_were_there_before_stay(place: Path) -> None:
    User.objects.create_superuser("admin", "my own password")
    Pool.objects.create(apps_id=7, apps_name="MINE", apps_pool="default")
    Dictionary.objects.create(dd_id="CUS_NAME", dd_label="Mine")
    Query.objects.create(query_id=9001, query_label="Mine", query_type="CRUD")
    assert load_demo().admin_password is None
    assert User.objects.get(usr_id="admin").check_password("my own password")
    assert list(Pool.objects.order_by("apps_id").values_list("apps_id", "apps_name")) == [
        (7, "MINE"),
        (8, "DEMO"),
    ]
    assert Dictionary.objects.get(dd_id="CUS_NAME").dd_label == "Mine"
    assert not QuerySql.objects.filter(query_id=9001).exists()


def test_a_business_database_that_is_gone_is_made_anew(place: Path) -> None:
    load_demo()
    (place / "demo.sqlite3").unlink()
    load_demo()
    assert len(content_of(place / "demo.sqlite3")) == 500 + 200 + 3000 + 7919


def test_an_installation_that_has_moved_finds_its_business_database(place: Path) -> None:
    load_demo()
    Pool.objects.filter(apps_pool="demo").update(apps_database="/gone/demo.sqlite3")
    load_demo()
    assert Pool.objects.get(apps_pool="demo").apps_database == str(place / "demo.sqlite3")


@pytest.mark.parametrize("hosts", [["localhost", "127.0.0.1", "[::1]"], []])
def test_an_embedded_database_on_loopback_takes_the_demo(
    hosts: list[str], place: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LIBERTY_DEMO = False
    settings.ALLOWED_HOSTS = hosts
    monkeypatch.setattr("apps.setup.demo.services.framework_vendor", lambda: "sqlite")
    assert load_demo().is_new


@pytest.mark.parametrize(
    ("vendor", "hosts", "message"),
    [
        (
            "postgresql",
            ["localhost"],
            "The demo is for a framework database on SQLite. Set LIBERTY_DEMO to load it into this one.",
        ),
        (
            "sqlite",
            ["localhost", "www.example.org", "*"],
            "The demo is for this machine alone, and LIBERTY_ALLOWED_HOSTS lets in *, www.example.org. "
            "Set LIBERTY_DEMO to load it all the same.",
        ),
    ],
)
def test_other_places_are_refused_and_left_empty(
    vendor: str,
    hosts: list[str],
    message: str,
    place: Path,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.LIBERTY_DEMO = False
    settings.ALLOWED_HOSTS = hosts
    monkeypatch.setattr("apps.setup.demo.services.framework_vendor", lambda: vendor)
    with pytest.raises(Forbidden) as refusal:
        load_demo()
    assert (str(refusal.value), User.objects.count(), Pool.objects.count()) == (message, 0, 0)
    with pytest.raises(CommandError, match=re.escape(message)):
        output_of()
    assert output_of("--if-allowed") == f"{message}\n{NO_USER}\n"


def test_the_command_shows_the_password_once(place: Path) -> None:
    first = output_of()
    found = re.fullmatch(
        r"The demo is loaded: user demo, password demo \(reads only\)\.\n"
        r"User admin, password ([A-Za-z0-9]{20})\n"
        r"It is shown this once\. Keep it, or set another with "
        r"`\.venv/bin/python manage\.py changepassword admin`\.\n",
        first,
    )
    assert found is not None
    assert User.objects.get(usr_id="admin").check_password(found[1])
    assert output_of() == "The demo is there already; nothing is changed.\n"


def test_the_command_says_where_it_made_no_administrator(place: Path) -> None:
    User.objects.create_superuser("admin", "my own password")
    assert output_of().endswith("User admin was there already and keeps the password.\n")


def test_a_deployment_with_the_demos_user_fails_its_check(place: Path) -> None:
    assert check_demo_user(None) == []
    load_demo()
    found = [
        message for message in run_checks(include_deployment_checks=True) if message.id == "liberty.E010"
    ]
    assert [(message.msg, message.hint) for message in found] == [
        (
            "The user `demo` of the demo exists, and everybody knows the password.",
            "Delete the user `demo` before others reach this server.",
        )
    ]
    assert "liberty.E010" not in [message.id for message in run_checks()]
