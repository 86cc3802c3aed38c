"""From framework tables to an archive and back."""

import hashlib
import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth.hashers import make_password

from apps.accounts.models import Role, User
from apps.framework.models import Api, Enumeration, EnumerationValue
from apps.pools.models import Pool
from apps.setup import archive_writing, export
from apps.setup.export import TableCount, archive, count_rows, original_file
from apps.setup.repository import framework_tables
from apps.setup.selection import Selection
from apps.setup.services import Import, import_repository
from liberty.crypto import decrypt_original, decrypt_stored, encrypt_original, encrypt_stored
from liberty.errors import MalformedRequest, PoolNotOpened, UnknownPool
from liberty.passphrase import new_key
from liberty.secrets import STAND_IN
from tests.external import ExternalPool
from tests.setup.repositories import create_catalogue, full_document, small_document, snapshot, write

PASSPHRASE = "nine lives of a cat"
MASTER_KEY = "an installation's master key"


pytestmark = pytest.mark.usefixtures("models_on_pools")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "repository.zip"


def load(tmp_path: Path, document: Any, **options: Any) -> None:
    import_repository(Import(write(tmp_path / "repository.json", document), **options))


def exported(**options: Any) -> bytes:
    return b"".join(archive(**options))


def members(content: bytes) -> dict[str, Any]:
    with ZipFile(io.BytesIO(content)) as zip_file:
        assert zip_file.testzip() is None
        return {name: json.loads(zip_file.read(name)) for name in zip_file.namelist()}


def table(content: bytes, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = members(content)[f"tables/{name}.json"][name]
    return rows


def member(content: bytes, name: str) -> bytes:
    with ZipFile(io.BytesIO(content)) as zip_file:
        return zip_file.read(name)


# The same data, the same bytes


def test_a_copy_on_any_product_exports_the_same_bytes(
    any_pool: ExternalPool, tmp_path: Path, file: Path
) -> None:
    # The row that describes the pool stays.
    load(tmp_path, full_document(rows=3), selection=Selection(without=("ly_applications",)))
    first = exported()
    file.write_bytes(first)
    create_catalogue(any_pool)
    import_repository(Import(file, pool=any_pool.name))
    copy = exported(pool=any_pool.name)
    original, other = members(first), members(copy)
    assert other["manifest.json"].pop("migrations") == {}
    assert set(original["manifest.json"].pop("migrations")) >= {"accounts", "framework", "pools", "queries"}
    assert other == original
    assert [member(copy, name) for name in original if name != "manifest.json"] == [
        member(first, name) for name in original if name != "manifest.json"
    ]


def test_an_emptied_installation_that_loads_its_archive_exports_the_same_bytes(
    tmp_path: Path, file: Path
) -> None:
    load(tmp_path, full_document(rows=3))
    before, rows = exported(), snapshot()
    file.write_bytes(before)
    for item in reversed(framework_tables().values()):
        item.model._base_manager.all()._raw_delete("default")
    assert not any(snapshot().values())
    import_repository(Import(file))
    assert snapshot() == rows
    assert exported() == before


def test_two_exports_are_equal_whatever_order_the_rows_were_stored_in(tmp_path: Path) -> None:
    document = full_document(rows=3)
    load(tmp_path, document)
    before = exported()
    for item in reversed(framework_tables().values()):
        item.model._base_manager.all()._raw_delete("default")
    load(tmp_path, {name: rows[::-1] for name, rows in document.items()})
    assert exported() == before


def test_rows_come_in_the_order_of_code_points() -> None:
    for name in ("b", "B", "é", "a", "_", "A", "\U0001f600", "\uffee", "a b"):
        Role.objects.create(rol_id=name)
    names = [row["rol_id"] for row in table(exported(), "ly_roles")]
    assert names == ["A", "B", "_", "a", "a b", "b", "é", "\uffee", "\U0001f600"]


def test_keys_of_several_columns_are_ordered_by_each(tmp_path: Path) -> None:
    load(tmp_path, {"ly_enum": [{"enum_id": number, "enum_label": "x"} for number in (10, 9)]})
    for number, value in ((10, "a"), (9, "b"), (9, "B"), (9, "a")):
        EnumerationValue.objects.create(enum_id=number, val_enum=value)
    keys = [(row["enum_id"], row["val_enum"]) for row in table(exported(), "ly_enum_val")]
    assert keys == [(9, "B"), (9, "a"), (9, "b"), (10, "a")]


# The text of a table


def test_a_table_is_written_as_the_original_writes_it(tmp_path: Path) -> None:
    document = small_document()
    document["ly_enum"][0] |= {
        "enum_label": 'État "ouvert"\n',
        "enum_audit_date": "2024-01-31T10:11:12.000001",
    }
    load(tmp_path, document)
    row = {
        "enum_id": 1,
        "enum_label": 'État "ouvert"\n',
        "enum_display_add": None,
        "enum_audit_user": None,
        "enum_audit_date": "2024-01-31T10:11:12.000001",
    }
    columns = framework_tables()["ly_enum"].column_names
    row = {name: row.get(name) for name in columns}
    expected = json.dumps({"ly_enum": [row]}, indent=1, ensure_ascii=False) + "\n"
    assert member(exported(), "tables/ly_enum.json").decode() == expected
    empty = member(exported(), "tables/ly_roles.json").decode()
    assert empty == '{\n "ly_roles": []\n}\n'


def test_the_manifest_tells_versions_counts_and_checksums(tmp_path: Path) -> None:
    load(tmp_path, small_document())
    content = exported(selection=Selection(only=("ly_enum", "ly_enum_val")))
    manifest = members(content)["manifest.json"]
    assert manifest.pop("migrations")["queries"].startswith("000")
    assert manifest == {
        "format": "liberty-repository",
        "format_version": 1,
        "product_version": "1.0.0",
        "secrets": None,
        "tables": {
            name: {"rows": rows, "sha256": hashlib.sha256(member(content, f"tables/{name}.json")).hexdigest()}
            for name, rows in (("ly_enum", 1), ("ly_enum_val", 2))
        },
    }


def test_rows_are_counted_by_table(tmp_path: Path) -> None:
    load(tmp_path, small_document())
    assert count_rows(selection=Selection(only=("ly_enum_val", "ly_enum"))) == [
        TableCount("ly_enum", 1),
        TableCount("ly_enum_val", 2),
    ]
    assert [item.table for item in count_rows()] == sorted(framework_tables())
    without = count_rows(selection=Selection(without=("ly_users",)))
    assert len(without) == len(framework_tables()) - 1


# Streaming


def test_an_archive_comes_in_pieces_and_only_some_rows_are_read_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archive_writing, "CHUNK_BYTES", 2000)
    monkeypatch.setattr(export, "FETCHED_ROWS", 50)
    labels = (hashlib.sha256(str(number).encode()).hexdigest()[:40] for number in range(8000))
    Enumeration.objects.bulk_create(
        Enumeration(enum_id=number, enum_label=label) for number, label in enumerate(labels)
    )
    pieces = list(archive(selection=Selection(only=("ly_enum",))))
    assert len(pieces) > 10
    assert max(map(len, pieces)) < 40_000
    assert len(table(b"".join(pieces), "ly_enum")) == 8000


def test_what_is_written_during_an_export_is_not_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_writing, "CHUNK_BYTES", 1)
    Enumeration.objects.create(enum_id=1, enum_label="before")
    before = exported()
    pieces = archive()
    parts = [next(pieces), next(pieces)]
    Enumeration.objects.create(enum_id=2, enum_label="during")
    Role.objects.create(rol_id="during")
    assert b"".join([*parts, *pieces]) == before
    assert exported() != before


def test_an_export_that_is_left_half_way_gives_its_connection_back(sqlite_pool: ExternalPool) -> None:
    for _ in range(20):
        pieces = archive()
        next(pieces)
        pieces.close()
    Role.objects.create(rol_id="after")
    assert table(exported(), "ly_roles")[0]["rol_id"] == "after"


def test_pools_that_hold_no_catalogue_are_refused(sqlite_pool: ExternalPool) -> None:
    with pytest.raises(PoolNotOpened, match="Pool `sqlite` holds no catalogue: it has no table"):
        next(archive(pool="sqlite"))
    with pytest.raises(UnknownPool):
        next(archive(pool="nowhere"))


# Secrets


@pytest.fixture
def secrets() -> None:
    User.objects.create_user("anna", "Anna's")
    Pool.objects.create(apps_id=1, apps_pool="erp", apps_password=encrypt_stored("of the pool"))
    Pool.objects.create(apps_id=2, apps_pool="crm")
    Api.objects.create(api_id=1, api_label="a", api_url="u", api_password=encrypt_stored("of the api"))
    foreign = encrypt_original("of another api", MASTER_KEY)
    Api.objects.create(api_id=2, api_label="b", api_url="u", api_password=foreign)
    Api.objects.create(api_id=3, api_label="c", api_url="u", api_password="in clear")


def passwords(content: bytes) -> dict[str, list[Any]]:
    return {
        name: [row[column] for row in table(content, name)]
        for name, column in (
            ("ly_users", "usr_password"),
            ("ly_applications", "apps_password"),
            ("ly_api", "api_password"),
        )
    }


def test_secrets_are_left_out(secrets: None) -> None:
    content = exported()
    assert passwords(content) == {
        "ly_users": [STAND_IN],
        "ly_applications": [STAND_IN] * 2,
        "ly_api": [STAND_IN] * 3,
    }
    for name in members(content):
        assert not any(word in member(content, name) for word in (b"argon2", b"ENC:v1", b"in clear"))


def test_loading_an_archive_without_secrets_keeps_those_that_are_there(secrets: None, file: Path) -> None:
    file.write_bytes(exported())
    before = snapshot()
    assert not any(plan.has_changes for plan in import_repository(Import(file)))
    assert snapshot() == before


def test_under_a_passphrase_secrets_travel_and_hashes_do_not(secrets: None, file: Path) -> None:
    content = exported(key=new_key(PASSPHRASE))
    sealed = passwords(content)
    assert sealed["ly_users"] == [STAND_IN]
    assert sealed["ly_applications"][0].startswith("ENC:x1:")
    assert sealed["ly_applications"][1] is None
    # What another installation encrypted cannot be read here.
    assert [text[:7] for text in sealed["ly_api"]] == ["ENC:x1:", STAND_IN[:7], "ENC:x1:"]
    file.write_bytes(content)
    before = dict(User.objects.values_list("usr_id", "password"))
    Pool.objects.update(apps_password=encrypt_stored("another"))
    Api.objects.all().delete()
    import_repository(Import(file, passphrase=PASSPHRASE))
    assert dict(User.objects.values_list("usr_id", "password")) == before
    stored = dict(Pool.objects.values_list("apps_id", "apps_password"))
    assert (decrypt_stored(stored[1] or ""), stored[2]) == ("of the pool", None)
    apis = dict(Api.objects.values_list("api_id", "api_password"))
    assert decrypt_stored(apis[1] or "") == "of the api"
    assert apis[2] is None
    assert decrypt_stored(apis[3] or "") == "in clear"


@pytest.mark.parametrize(
    ("passphrase", "message"),
    [(None, "its passphrase is needed"), ("another passphrase", "not the one of this archive")],
)
def test_a_wrong_or_missing_passphrase_loads_nothing(
    secrets: None, file: Path, passphrase: str | None, message: str
) -> None:
    file.write_bytes(exported(key=new_key(PASSPHRASE)))
    Role.objects.create(rol_id="new")
    Pool.objects.update(apps_name="changed")
    before = snapshot()
    with pytest.raises(MalformedRequest, match=message):
        import_repository(Import(file, passphrase=passphrase))
    assert snapshot() == before


# The original's file


def original(**options: Any) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(b"".join(original_file(**options)))
    return document


def test_the_originals_file_has_its_67_tables_and_loads_back(tmp_path: Path) -> None:
    document = full_document(rows=2)
    load(tmp_path, document)
    for name in ("ly_users", "ly_applications"):
        del document[name]
    # The original shows no microseconds or all six digits.
    expected = json.loads(json.dumps(document).replace('00.5"', '00.500000"'))
    assert list(original()) == sorted(document)
    assert original() == expected
    before = snapshot()
    (tmp_path / "original.json").write_bytes(b"".join(original_file()))
    import_repository(Import(tmp_path / "original.json"))
    assert snapshot() == before


def test_the_original_reads_its_passwords_with_its_master_key(secrets: None) -> None:
    rows = original(master_key=MASTER_KEY)["ly_api"]
    clear = [decrypt_original(row["api_password"], MASTER_KEY) for row in rows]
    assert clear == ["of the api", "of another api", "in clear"]
    assert {row["api_password"] for row in original()["ly_api"]} == {STAND_IN}


def test_a_hash_in_the_place_of_a_users_password_is_never_written(secrets: None) -> None:
    User.objects.filter(usr_id="anna").update(password=make_password("x"))
    for content in (exported(), exported(key=new_key(PASSPHRASE)), b"".join(original_file())):
        texts = [content] if content[:2] != b"PK" else [member(content, name) for name in members(content)]
        assert not any(b"argon2" in text for text in texts if b"liberty-repository" not in text)
