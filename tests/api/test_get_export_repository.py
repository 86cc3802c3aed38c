"""GET /api/export/repository."""

import io
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from pytest_django import DjangoDbBlocker
from rest_framework.test import APIClient

from apps.framework.models import Enumeration, EnumerationValue
from apps.pools.models import Pool
from apps.setup.export import archive
from apps.setup.repository import framework_tables
from liberty.crypto import encrypt_stored
from liberty.secrets import STAND_IN
from tests.external import ExternalPool
from tests.setup.repositories import create_catalogue

if TYPE_CHECKING:
    from rest_framework.response import _MonkeyPatchedResponse as Response

PATH = "/api/export/repository"
PASSPHRASE = "nine lives of a cat"


@pytest.fixture(autouse=True)
def models_on_pools(transactional_db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Let models be used on pools, whose connections see what is committed."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture(autouse=True)
def rows() -> None:
    Enumeration.objects.create(enum_id=1, enum_label="Status")
    EnumerationValue.objects.create(enum_id=1, val_enum="A", val_label="Été")
    EnumerationValue.objects.create(enum_id=1, val_enum="B")


def content_of(response: "Response") -> bytes:
    content: bytes = response.getvalue()
    return content


def table(content: bytes, name: str) -> list[dict[str, Any]]:
    with ZipFile(io.BytesIO(content)) as zip_file:
        rows: list[dict[str, Any]] = json.loads(zip_file.read(f"tables/{name}.json"))[name]
    return rows


def test_the_tables_are_listed_with_their_rows(admin_client: APIClient) -> None:
    response = admin_client.get(PATH, {"tables": "ly_enum_val, ly_enum"})
    assert (response.status_code, response.json()) == (
        200,
        {
            "items": [
                {"ROW_ID": 1, "TABLE_NAME": "ly_enum", "ROW_COUNT": 1},
                {"ROW_ID": 2, "TABLE_NAME": "ly_enum_val", "ROW_COUNT": 2},
            ],
            "status": "success",
            "count": 2,
        },
    )


def test_every_framework_table_is_listed(admin_client: APIClient) -> None:
    answer = admin_client.get(PATH).json()
    assert [item["TABLE_NAME"] for item in answer["items"]] == sorted(framework_tables())
    assert answer["count"] == len(framework_tables())


def test_nothing_selected_is_the_documented_answer(admin_client: APIClient) -> None:
    response = admin_client.get(PATH, {"tables": "ly_enum", "without": "ly_enum"})
    assert response.json() == {"items": [], "status": "success", "count": 0}


@pytest.mark.parametrize(
    ("arguments", "headers"),
    [({"format": "zip"}, {}), ({}, {"accept": "application/zip"})],
    ids=["argument", "header"],
)
def test_the_archive_is_sent(
    admin_client: APIClient, arguments: dict[str, str], headers: dict[str, str]
) -> None:
    response = admin_client.get(PATH, arguments, headers=headers)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == 'attachment; filename="repository-default.zip"'
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Vary"] == "Accept, Authorization"
    assert content_of(response) == b"".join(archive())


def test_the_argument_counts_more_than_the_header(admin_client: APIClient) -> None:
    response = admin_client.get(PATH, {"format": "json"}, headers={"accept": "application/zip"})
    assert response.headers["Content-Type"] == "application/json"


def test_an_applications_own_tables_are_exported(sqlite_pool: ExternalPool, admin_client: APIClient) -> None:
    alias = create_catalogue(sqlite_pool)
    Enumeration.objects.using(alias).create(enum_id=7, enum_label="of the application")
    number = Pool.objects.get(apps_pool="sqlite").apps_id
    choices: tuple[dict[str, str | int], ...] = ({"application": number}, {"pool": "sqlite"})
    for arguments in choices:
        response = admin_client.get(PATH, {"format": "zip", "tables": "ly_enum", **arguments})
        assert [row["enum_id"] for row in table(content_of(response), "ly_enum")] == [7]


def test_secrets_are_left_out_or_encrypted(admin_client: APIClient) -> None:
    Pool.objects.create(apps_id=1, apps_pool="erp", apps_password=encrypt_stored("of the pool"))
    plain = content_of(admin_client.get(PATH, {"format": "zip"}))
    assert [row["apps_password"] for row in table(plain, "ly_applications")] == [STAND_IN]
    assert [row["usr_password"] for row in table(plain, "ly_users")] == [STAND_IN]
    headers = {"x-liberty-passphrase": "neuf vies, été".encode().decode("latin-1")}
    sealed = content_of(admin_client.get(PATH, {"format": "zip"}, headers=headers))
    assert table(sealed, "ly_applications")[0]["apps_password"].startswith("ENC:x1:")
    assert [row["usr_password"] for row in table(sealed, "ly_users")] == [STAND_IN]


@pytest.mark.parametrize(
    ("arguments", "headers", "status", "answer"),
    [
        ({"tables": "ly_other"}, {}, 400, "No framework table is named `ly_other`"),
        ({"without": "x"}, {}, 400, "No framework table is named `x`"),
        ({"application": "9"}, {}, 400, "No application with a pool has the number 9"),
        (
            {"application": "9", "pool": "default"},
            {},
            400,
            "An application has its own pool: send `application` or `pool`, not both.",
        ),
        (
            {"format": "zip"},
            {"x-liberty-passphrase": "short"},
            400,
            "A passphrase has at least 12 characters",
        ),
        (
            {"format": "zip"},
            {"x-liberty-passphrase": "\xe9 is no UTF-8 alone"},
            400,
            "The header X-Liberty-Passphrase is not UTF-8.",
        ),
        ({"pool": "nowhere"}, {}, 500, "Requested pool `nowhere` not found"),
        ({"pool": "nowhere", "format": "zip"}, {}, 500, "Requested pool `nowhere` not found"),
    ],
)
def test_what_is_wrong_is_told(
    admin_client: APIClient, arguments: dict[str, str], headers: dict[str, str], status: int, answer: str
) -> None:
    response = admin_client.get(PATH, arguments, headers=headers)
    assert (response.status_code, response.json()) == (status, {"status": "failed", "message": answer})


def test_another_format_is_refused(admin_client: APIClient) -> None:
    response = admin_client.get(PATH, {"format": "xml", "application": "one"})
    assert (response.status_code, response.json()) == (
        422,
        {
            "detail": [
                {"loc": ["query", "format"], "msg": "Input should be 'json' or 'zip'", "type": "enum"},
                {
                    "loc": ["query", "application"],
                    "msg": "Input should be a valid integer",
                    "type": "int_parsing",
                },
            ]
        },
    )


def test_a_pool_without_framework_tables_is_refused(
    sqlite_pool: ExternalPool, admin_client: APIClient
) -> None:
    response = admin_client.get(PATH, {"pool": "sqlite", "format": "zip"})
    message = "Pool `sqlite` holds no catalogue: it has no table alembic_version"
    assert (response.status_code, response.json()) == (500, {"status": "failed", "message": message})


def test_only_administrators_of_the_default_catalogue_export(reader_client: APIClient) -> None:
    response = reader_client.get(PATH, {"format": "zip"})
    assert (response.status_code, response.json()) == (
        403,
        {
            "status": "failed",
            "message": "A repository is exported by administrators of the default catalogue.",
        },
    )
