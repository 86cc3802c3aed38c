"""Finding stored secrets, and refusing to start without the key that reads them."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.checks import CheckMessage, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from pytest_django import DjangoDbBlocker, Settings

from apps.accounts.models import User
from apps.pools.models import Pool
from apps.setup.stored_secrets import require_keys, secret_columns, stored_secrets
from liberty import crypto
from liberty.errors import NotInstalled
from liberty.secrets import SECRET_COLUMNS
from tests.external import ExternalPool
from tests.setup.secrets import NEW, OLD, make_catalogue, store_secrets

pytestmark = pytest.mark.django_db

LOST = "ENC:v1:00000000:AAAA"


@pytest.fixture(autouse=True)
def models_on_pools(db: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


def errors(*, is_deployed: bool = False) -> list[str]:
    found: list[CheckMessage] = run_checks(
        tags=["database"], databases=["default"], include_deployment_checks=is_deployed
    )
    return [message.msg for message in found if message.id == "liberty.E011"]


def test_every_secret_column_has_a_model() -> None:
    found = {(column.table, column.column) for column in secret_columns()}
    assert found == SECRET_COLUMNS


def test_every_column_that_is_called_a_password_is_a_secret_column() -> None:
    named = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.column.endswith("_password")
    }
    assert named == SECRET_COLUMNS | {("liberty_user_state", "must_change_password")}


def test_every_secret_of_the_framework_database_is_found() -> None:
    store_secrets()
    assert [str(secret) for secret in stored_secrets("default")] == [
        "ly_api.api_password of row 902",
        "ly_api_conn.conn_password of row 903",
        "ly_applications.apps_password of row 901",
        "ly_users.usr_password of row 'old'",
    ]


def test_a_secret_does_not_show_its_text() -> None:
    store_secrets()
    assert "ENC:" not in repr(list(stored_secrets("default")))


def test_a_server_with_its_keys_starts(settings: Settings) -> None:
    settings.LIBERTY_ENCRYPTION_KEY = OLD
    store_secrets()
    require_keys()
    settings.LIBERTY_ENCRYPTION_KEY = f"{NEW},{OLD}"
    require_keys()
    assert errors(is_deployed=True) == []


@pytest.mark.parametrize("key", [NEW, ""], ids=["another", "none"])
def test_a_server_without_the_key_does_not_start(settings: Settings, key: str) -> None:
    settings.LIBERTY_ENCRYPTION_KEY = OLD
    store_secrets()
    settings.LIBERTY_ENCRYPTION_KEY = key
    with pytest.raises(ImproperlyConfigured, match=r"ly_users\.usr_password of row 'old'\..*backup"):
        require_keys()
    assert len(errors()) == 1


def test_texts_that_no_key_of_ours_wrote_keep_nobody_from_starting() -> None:
    User.objects.create(usr_id="imported", password=crypto.encrypt_original("x", "master key"))
    User.objects.create(usr_id="clear", password="hunter2")
    Pool.objects.create(apps_id=7, apps_password="ENC:********")
    require_keys()
    assert errors() == []


def test_many_lost_secrets_are_counted() -> None:
    Pool.objects.bulk_create(Pool(apps_id=number, apps_password=LOST) for number in range(60))
    (error,) = errors()
    assert error.endswith("of row 9; and 50 more.")


def test_another_catalogue_is_told_of_before_deployment_and_stops_nobody(sqlite_pool: ExternalPool) -> None:
    make_catalogue(sqlite_pool, LOST)
    require_keys()
    assert errors() == []
    assert errors(is_deployed=True) == [
        "No key in LIBERTY_ENCRYPTION_KEY reads ly_api_conn.conn_password of row 1 in catalogue `sqlite`."
    ]


def test_a_pool_that_does_not_answer_does_not_stop_the_check() -> None:
    Pool.objects.create(apps_id=7, apps_pool="gone", apps_dbtype="sqlite", apps_database="/nowhere/x")
    assert errors(is_deployed=True) == []


@pytest.mark.parametrize("failure", [OperationalError("away"), InterfaceError("closed"), NotInstalled()])
def test_a_database_that_does_not_answer_is_no_reason_not_to_start(
    monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    def fail(alias: str) -> None:
        raise failure

    monkeypatch.setattr("apps.setup.stored_secrets.present_columns", fail)
    require_keys()
    assert errors(is_deployed=True) == []
