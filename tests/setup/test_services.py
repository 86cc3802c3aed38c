"""Loading a repository."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.db import connections

from apps.accounts.models import User
from apps.framework.models import Api, Enumeration, EnumerationValue, Theme
from apps.pools.catalogue import remembered
from apps.pools.models import Pool
from apps.queries.models import DefinitionPolicy
from apps.setup.faults import RepositoryRejected
from apps.setup.plan import TablePlan
from apps.setup.repository import framework_tables
from apps.setup.services import Import, Progress, Step, import_repository, read_master_key
from liberty.crypto import decrypt_stored, encrypt_original, encrypt_stored
from liberty.errors import MalformedRequest, PoolNotOpened, UnknownPool
from liberty.secrets import STAND_IN
from tests.external import ExternalPool
from tests.setup.repositories import (
    connect,
    create_catalogue,
    full_document,
    small_document,
    snapshot,
    write,
)

MASTER_KEY = "an installation's master key"

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "repository.json"


def load(
    file: Path, document: Any, *, progress: Progress = lambda step: None, **options: Any
) -> dict[str, TablePlan]:
    plans = import_repository(Import(write(file, document), **options), progress=progress)
    return {plan.table.name: plan for plan in plans}


def numbers(plan: TablePlan) -> tuple[int, int, int]:
    """Return how many rows are new, changed and unchanged."""
    return len(plan.new), len(plan.changed), plan.unchanged


def faults_of(file: Path, document: Any, **options: Any) -> tuple[str, ...]:
    """Load a faulty repository, see that it changes nothing, and return what is said of it."""
    before = snapshot()
    with pytest.raises(RepositoryRejected) as rejected:
        load(file, document, **options)
    assert snapshot() == before
    return rejected.value.faults


# Rows


def query_document(sql: str) -> Any:
    return {
        "ly_query": [{"query_id": 100, "query_label": "Largest", "query_type": "GET"}],
        "ly_qry_sql": [
            {
                "query_id": 100,
                "query_dbtype": "generic",
                "query_crud": "GET",
                "query_pool": "SESSION",
                "query_sqlquery": sql,
            }
        ],
    }


def test_marks_are_taken_back_where_the_sql_is_another(file: Path) -> None:
    load(file, query_document("SELECT 1 AS n"))
    DefinitionPolicy.objects.create(query_id=100, crud="GET", public=True)
    DefinitionPolicy.objects.create(query_id=101, crud="GET", public=True)
    assert load(file, query_document("SELECT 1 AS n"))["ly_qry_sql"].withdrawn == ()
    assert load(file, query_document("SELECT usr_name FROM ly_users"))["ly_qry_sql"].withdrawn == ("100 GET",)
    assert list(DefinitionPolicy.objects.values_list("query_id", flat=True)) == [101]


def test_every_table_gets_the_rows_of_the_file(file: Path) -> None:
    reports = load(file, full_document(rows=3))
    assert {name: len(rows) for name, rows in snapshot().items()} == dict.fromkeys(framework_tables(), 3)
    assert {(plan.in_file, *numbers(plan)) for plan in reports.values()} == {(3, 3, 0, 0)}


def test_values_are_stored_as_they_are(file: Path) -> None:
    document = full_document()
    load(file, document)
    row = EnumerationValue.objects.values().get(enum_id=2)
    stored = document["ly_enum_val"][1] | {"val_audit_date": row["val_audit_date"]}
    assert row == stored
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT CAST(val_audit_date AS text) FROM ly_enum_val WHERE enum_id = 1")
        assert cursor.fetchone() == ("1999-12-31 00:00:00",)
        cursor.execute("SELECT CAST(val_audit_date AS text) FROM ly_enum_val WHERE enum_id = 2")
        assert cursor.fetchone() in (("2026-11-25 18:05:00.500000",), ("2026-11-25 18:05:00.5",))


def test_a_second_import_changes_nothing(file: Path) -> None:
    load(file, full_document())
    before = snapshot()
    reports = load(file, full_document())
    assert snapshot() == before
    assert {numbers(plan) for plan in reports.values()} == {(0, 0, 2)}


def test_new_changed_and_unchanged_rows_are_counted(file: Path) -> None:
    load(file, small_document())
    document = small_document()
    document["ly_enum_val"][0]["val_label"] = "In use"
    document["ly_enum_val"].append({"enum_id": 1, "val_enum": "C", "val_label": "Closed"})
    reports = load(file, document)
    assert numbers(reports["ly_enum_val"]) == (1, 1, 1)
    assert reports["ly_enum_val"].differences == (("val_label",),)
    labels = EnumerationValue.objects.order_by("val_enum").values_list("val_enum", "val_label")
    assert list(labels) == [("A", "In use"), ("B", None), ("C", "Closed")]


def test_rows_that_the_file_does_not_have_stay(file: Path) -> None:
    load(file, small_document())
    load(file, {"ly_enum_val": [], "ly_enum": [{"enum_id": 2, "enum_label": "Other"}]})
    assert set(Enumeration.objects.values_list("enum_id", flat=True)) == {1, 2}
    assert EnumerationValue.objects.count() == 2


def test_a_column_that_a_row_lacks_becomes_null(file: Path) -> None:
    load(file, small_document())
    load(file, {"ly_enum_val": [{"enum_id": 1, "val_enum": "A"}]})
    assert EnumerationValue.objects.get(pk=(1, "A")).val_label is None


def test_more_rows_than_one_statement_takes_are_loaded(file: Path) -> None:
    values = [{"enum_id": 1, "val_enum": str(number)} for number in range(2500)]
    load(file, small_document() | {"ly_enum_val": [*small_document()["ly_enum_val"], *values]})
    assert EnumerationValue.objects.count() == 2502


def test_progress_tells_the_rows_written_of_all_that_will_be(file: Path) -> None:
    steps: list[Step] = []
    load(file, small_document(), progress=steps.append)
    assert steps == [Step("ly_enum", 1, 4), Step("ly_enum_val", 3, 4), Step("ly_enum_val_l", 4, 4)]


def test_the_catalogue_is_read_anew_after_an_import(file: Path) -> None:
    assert remembered("default", "enumerations", Enumeration.objects.count) == 0
    load(file, small_document())
    assert remembered("default", "enumerations", Enumeration.objects.count) == 1


# Faults


def test_a_file_that_is_not_there_is_named(file: Path) -> None:
    with pytest.raises(MalformedRequest, match=r"repository\.json cannot be read: No such file"):
        import_repository(Import(file))


def test_faults_of_the_file_keep_everything_out(file: Path) -> None:
    document = small_document() | {"ly_other": []}
    document["ly_enum"][0]["enum_audit_date"] = "31/01/2024"
    assert faults_of(file, document) == (
        "ly_other: no framework table has this name",
        "ly_enum (enum_id 1): enum_audit_date:"
        " a time is expected as YYYY-MM-DDTHH:MM:SS[.ffffff], without a zone",
    )


def test_a_row_without_its_parent_is_named(file: Path) -> None:
    document = small_document()
    document["ly_enum_val_l"].append({"enum_id": 1, "val_enum": "Z", "lng_id": "fr"})
    document["ly_usr_roles"] = [{"usr_id": "nobody", "rol_id": "none"}]
    assert faults_of(file, document) == (
        "ly_usr_roles (usr_id nobody, rol_id none): ly_users (usr_id nobody)"
        " is neither in the file nor in the database",
        "ly_usr_roles (usr_id nobody, rol_id none): ly_roles (rol_id none)"
        " is neither in the file nor in the database",
        "ly_enum_val_l (enum_id 1, val_enum Z, lng_id fr): ly_enum_val (enum_id 1, val_enum Z)"
        " is neither in the file nor in the database",
    )


def test_a_parent_may_be_in_the_database(file: Path) -> None:
    load(file, small_document())
    load(file, {"ly_enum_val": [{"enum_id": 1, "val_enum": "C"}]})
    assert EnumerationValue.objects.count() == 3


def test_a_wrong_column_of_a_parent_is_told_once(file: Path) -> None:
    document = small_document()
    document["ly_enum"][0]["enum_label"] = None
    assert faults_of(file, document) == (
        "ly_enum (enum_id 1): enum_label: null in a column that needs a value",
    )


def test_a_value_that_another_row_of_the_database_has_is_named(file: Path) -> None:
    Theme.objects.create(thm_id=9, thm_name="dark")
    assert faults_of(file, {"ly_themes": [{"thm_id": 1, "thm_name": "dark"}]}) == (
        "ly_themes (thm_id 1): thm_name: ly_themes (thm_id 9) in the database has this value",
    )


# Secrets


def secrets_document() -> dict[str, list[dict[str, Any]]]:
    """Return users and pools with passwords as the original stores them, in clear, and none."""
    return {
        "ly_users": [
            {"usr_id": "anna", "usr_password": encrypt_original("Anna's", MASTER_KEY), "usr_status": "Y"},
            {"usr_id": "ben", "usr_password": "Ben's", "usr_status": "Y"},
            {"usr_id": "cleo", "usr_password": None},
            {"usr_id": "dora", "usr_password": ""},
        ],
        "ly_applications": [
            {"apps_id": 1, "apps_pool": "erp", "apps_password": encrypt_original("of the pool", MASTER_KEY)},
            {"apps_id": 2, "apps_pool": "crm", "apps_password": "in clear"},
        ],
        "ly_api": [
            {
                "api_id": 1,
                "api_label": "rates",
                "api_url": "https://rates.example",
                "api_password": encrypt_original("of the api", MASTER_KEY),
            }
        ],
        "ly_api_conn": [
            {
                "conn_id": 1,
                "conn_label": "rates",
                "conn_url": "https://rates.example",
                "conn_password": encrypt_original("of the connection", MASTER_KEY),
            }
        ],
    }


def password_of(user_id: str) -> str:
    return User.objects.get(usr_id=user_id).password or ""


def test_without_the_master_key_encrypted_passwords_stay_and_are_reported(file: Path) -> None:
    document = secrets_document()
    reports = load(file, document)
    assert {name: report.unreadable for name, report in reports.items()} == {
        "ly_users": ("ly_users (usr_id anna)",),
        "ly_applications": ("ly_applications (apps_id 1)",),
        "ly_api": ("ly_api (api_id 1)",),
        "ly_api_conn": ("ly_api_conn (conn_id 1)",),
    }
    assert password_of("anna") == document["ly_users"][0]["usr_password"]
    assert Pool.objects.get(apps_id=1).apps_password == document["ly_applications"][0]["apps_password"]


def test_clear_passwords_are_hashed_or_encrypted_without_the_master_key(file: Path) -> None:
    load(file, secrets_document())
    assert check_password("Ben's", password_of("ben"))
    stored = Pool.objects.get(apps_id=2).apps_password or ""
    assert stored.startswith("ENC:v1:")
    assert decrypt_stored(stored) == "in clear"


def test_a_missing_and_an_empty_password_stay_what_they_are(file: Path) -> None:
    load(file, secrets_document())
    stored = dict(User.objects.values_list("usr_id", "password"))
    assert (stored["cleo"], stored["dora"]) == (None, "")


def test_with_the_master_key_users_are_hashed_and_credentials_encrypted_under_our_key(file: Path) -> None:
    reports = load(file, secrets_document(), master_key=MASTER_KEY)
    assert not any(report.unreadable for report in reports.values())
    assert password_of("anna").startswith("argon2$")
    assert check_password("Anna's", password_of("anna"))
    assert decrypt_stored(Pool.objects.get(apps_id=1).apps_password or "") == "of the pool"
    assert decrypt_stored(Api.objects.get(api_id=1).api_password or "") == "of the api"


@pytest.mark.parametrize("master_key", [None, MASTER_KEY])
def test_a_second_import_leaves_secrets_as_they_are(file: Path, master_key: str | None) -> None:
    document = secrets_document()
    load(file, document, master_key=master_key)
    before = snapshot()
    reports = load(file, document, master_key=master_key)
    assert snapshot() == before
    assert not any(report.new or report.changed for report in reports.values())


def test_the_master_key_converts_what_was_loaded_without_it(file: Path) -> None:
    document = secrets_document()
    load(file, document)
    reports = load(file, document, master_key=MASTER_KEY)
    assert {name: len(plan.changed) for name, plan in reports.items()} == {
        "ly_users": 1,
        "ly_applications": 1,
        "ly_api": 1,
        "ly_api_conn": 1,
    }
    assert check_password("Anna's", password_of("anna"))


def test_what_was_converted_is_not_replaced_by_a_text_that_nothing_reads(file: Path) -> None:
    document = secrets_document()
    load(file, document, master_key=MASTER_KEY)
    before = snapshot()
    reports = load(file, document)
    assert snapshot() == before
    assert not any(report.unreadable for report in reports.values())


def test_a_password_that_changed_in_the_file_is_stored_anew(file: Path) -> None:
    document = secrets_document()
    load(file, document, master_key=MASTER_KEY)
    document["ly_users"][0]["usr_password"] = encrypt_original("another", MASTER_KEY)
    document["ly_applications"][1]["apps_password"] = "changed"
    reports = load(file, document, master_key=MASTER_KEY)
    assert (len(reports["ly_users"].changed), len(reports["ly_applications"].changed)) == (1, 1)
    assert check_password("another", password_of("anna"))
    assert decrypt_stored(Pool.objects.get(apps_id=2).apps_password or "") == "changed"


def test_a_wrong_master_key_loads_nothing(file: Path) -> None:
    faults = faults_of(file, small_document() | secrets_document(), master_key="another key")
    assert sorted(faults) == [
        f"{place}: the master key does not read the password; the key is wrong or the text damaged"
        for place in (
            "ly_api (api_id 1)",
            "ly_api_conn (conn_id 1)",
            "ly_applications (apps_id 1)",
            "ly_users (usr_id anna)",
        )
    ]


def test_a_damaged_text_is_named(file: Path) -> None:
    document = {"ly_users": [{"usr_id": "anna", "usr_password": "ENC:AAAA"}]}
    assert faults_of(file, document, master_key=MASTER_KEY) == (
        "ly_users (usr_id anna): the master key does not read the password;"
        " the key is wrong or the text damaged",
    )


def test_a_password_that_nobody_could_sign_in_with_is_named(file: Path) -> None:
    document = {"ly_users": [{"usr_id": "anna", "usr_password": "x" * 1025}]}
    assert faults_of(file, document) == ("ly_users (usr_id anna): the password is longer than 1024 bytes",)


def test_an_encrypted_empty_password_of_a_user_is_none(file: Path) -> None:
    document = {"ly_users": [{"usr_id": "anna", "usr_password": encrypt_original("", MASTER_KEY)}]}
    load(file, document, master_key=MASTER_KEY)
    assert User.objects.get(usr_id="anna").password is None
    assert load(file, document, master_key=MASTER_KEY)["ly_users"].unchanged == 1


def test_a_text_of_our_own_is_taken_for_what_it_hides(file: Path) -> None:
    stored = encrypt_stored("of the pool")
    document = {
        "ly_users": [{"usr_id": "anna", "usr_password": encrypt_stored("Anna's")}],
        "ly_applications": [{"apps_id": 1, "apps_password": stored}],
    }
    load(file, document)
    assert check_password("Anna's", password_of("anna"))
    assert decrypt_stored(Pool.objects.get(apps_id=1).apps_password or "") == "of the pool"


def test_the_stand_in_leaves_a_password_as_it_is(file: Path) -> None:
    User.objects.create_user("anna", "Anna's")
    before = password_of("anna")
    document = {"ly_users": [{"usr_id": name, "usr_password": STAND_IN} for name in ("anna", "ben")]}
    reports = load(file, document)
    assert password_of("anna") == before
    assert User.objects.get(usr_id="ben").password is None
    assert reports["ly_users"].unreadable == ()


# The master key


def test_the_master_key_is_read_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("a key with blanks, é\n")
    assert read_master_key(tmp_path / "key") == "a key with blanks, é"


@pytest.mark.parametrize("content", [b"", b" \n", b"x" * 5000])
def test_a_file_without_a_master_key_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(MalformedRequest, match="holds no master key"):
        read_master_key(tmp_path / "key")


def test_a_master_key_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("missing", "binary"):
        with pytest.raises(MalformedRequest, match=f"{name} cannot be read"):
            read_master_key(tmp_path / name)


# Other catalogues


def test_a_pool_with_framework_tables_is_loaded_and_the_framework_database_is_not(
    any_pool: ExternalPool, file: Path
) -> None:
    alias = create_catalogue(any_pool)
    before = snapshot()
    load(file, full_document(), pool=any_pool.name)
    assert {name: len(rows) for name, rows in snapshot(alias).items()} == dict.fromkeys(framework_tables(), 2)
    assert snapshot() == before
    reports = load(file, full_document(), pool=any_pool.name)
    assert {numbers(plan) for plan in reports.values()} == {(0, 0, 2)}


def test_a_parent_in_the_framework_database_is_none_for_another_catalogue(
    sqlite_pool: ExternalPool, file: Path
) -> None:
    load(file, small_document())
    create_catalogue(sqlite_pool)
    faults = faults_of(file, {"ly_enum_val": [{"enum_id": 1, "val_enum": "C"}]}, pool=sqlite_pool.name)
    assert faults == (
        "ly_enum_val (enum_id 1, val_enum C): ly_enum (enum_id 1) is neither in the file nor in the database",
    )


def test_a_pool_without_framework_tables_is_refused(sqlite_pool: ExternalPool, file: Path) -> None:
    connect(sqlite_pool)
    with pytest.raises(PoolNotOpened, match="Pool `sqlite` holds no catalogue: it has no table"):
        load(file, small_document(), pool=sqlite_pool.name)


def test_an_unknown_pool_is_refused(file: Path) -> None:
    with pytest.raises(UnknownPool):
        load(file, small_document(), pool="nowhere")
