"""Loads the demo once; later runs leave everything as it is."""

import secrets
import string
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction

from apps.accounts.models import User
from apps.framework.models import (
    Dictionary,
    DictionaryLabel,
    Enumeration,
    EnumerationLabel,
    EnumerationValue,
)
from apps.framework.services import load_fixtures
from apps.pools.catalogue import touch
from apps.pools.models import Pool
from apps.queries.models import DefinitionPolicy, Query, QuerySql
from apps.setup.applications import THEME, add_default_application, next_application_id
from apps.setup.demo.business import write_business
from apps.setup.demo.dictionary import ENTRIES, ENUMS
from apps.setup.demo.queries import POOL, QUERIES
from liberty.errors import Forbidden

ADMIN = "admin"
READER = "demo"
PASSWORD_LENGTH = 20

_LOOPBACK = {"localhost", "127.0.0.1", "[::1]", "::1"}
_PASSWORD_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a run did. `admin_password` is told once and kept nowhere; None if the user was there."""

    is_new: bool
    admin_password: str | None = None


def load_demo() -> Loaded:
    """Put the demo into the framework database, unless it is there, and its business database into `var/`.

    Rows and files that are there are not touched: what was changed stays changed, what was deleted stays
    deleted. Only a business database whose file is gone is made anew. Raises Forbidden where a demo with a
    well-known password has no place.
    """
    _check_place()
    file = Path(settings.VAR_DIR) / "demo.sqlite3"
    if not file.exists():
        write_business(file)
    with transaction.atomic():
        pool = Pool.objects.filter(apps_pool=POOL).first()
        loaded = Loaded(is_new=True, admin_password=_load(file)) if pool is None else Loaded(is_new=False)
        if pool is not None and not Path(pool.apps_database or "").is_file():
            # The installation has moved to another folder.
            Pool.objects.filter(pk=pool.pk).update(apps_database=str(file))
        touch("default")
    return loaded


def framework_vendor() -> str:
    """Return the product of the framework database, as Django calls it."""
    return connections["default"].vendor


def _check_place() -> None:
    """Refuse a place that others reach: anybody can guess the password of user `demo`."""
    if settings.LIBERTY_DEMO:
        return
    if framework_vendor() != "sqlite":
        raise Forbidden(
            "The demo is for a framework database on SQLite. Set LIBERTY_DEMO to load it into this one."
        )
    others = sorted(set(settings.ALLOWED_HOSTS) - _LOOPBACK)
    if others:
        raise Forbidden(
            f"The demo is for this machine alone, and LIBERTY_ALLOWED_HOSTS lets in {', '.join(others)}. "
            "Set LIBERTY_DEMO to load it all the same."
        )


def _load(file: Path) -> str | None:
    """Add the rows of the demo, and return the new administrator's password."""
    load_fixtures()
    _load_pools(file)
    _load_dictionary()
    _load_queries()
    return _load_users()


def _load_users() -> str | None:
    if not User.objects.filter(usr_id=READER).exists():
        User.objects.create_user(
            READER, READER, usr_name="Demo", usr_language="fr", usr_readonly="Y", usr_theme=THEME
        )
    if User.objects.filter(usr_id=ADMIN).exists():
        return None
    password = "".join(secrets.choice(_PASSWORD_LETTERS) for _ in range(PASSWORD_LENGTH))
    User.objects.create_superuser(
        ADMIN, password, usr_name="Administrator", usr_language="en", usr_readonly="N", usr_theme=THEME
    )
    return password


def _load_pools(file: Path) -> None:
    add_default_application()
    Pool.objects.create(
        apps_id=next_application_id(),
        apps_name="DEMO",
        apps_description="Customers, products and orders",
        apps_pool=POOL,
        apps_pool_min=0,
        apps_pool_max=4,
        apps_dbtype="sqlite",
        apps_database=str(file),
        apps_offset=1000,
        apps_limit=10_000,
        apps_theme=THEME,
        apps_replace_null="N",
    )


def _load_dictionary() -> None:
    new = [entry for entry in ENTRIES if not Dictionary.objects.filter(dd_id=entry.name).exists()]
    Dictionary.objects.bulk_create(
        Dictionary(
            dd_id=entry.name,
            dd_label=entry.english,
            dd_type=entry.type,
            dd_rules=entry.rules,
            dd_rules_values=entry.rules_values,
            dd_default=entry.default,
        )
        for entry in new
    )
    DictionaryLabel.objects.bulk_create(
        DictionaryLabel(dd_id=entry.name, lng_id="fr", lng_label=entry.french) for entry in new
    )
    for number, (label, codes) in ENUMS.items():
        _, is_new = Enumeration.objects.get_or_create(enum_id=number, defaults={"enum_label": label})
        if not is_new:
            continue
        EnumerationValue.objects.bulk_create(
            EnumerationValue(enum_id=number, val_enum=code.value, val_label=code.english) for code in codes
        )
        EnumerationLabel.objects.bulk_create(
            EnumerationLabel(enum_id=number, val_enum=code.value, lng_id="fr", lng_label=code.french)
            for code in codes
        )


def _load_queries() -> None:
    for query in QUERIES:
        _, is_new = Query.objects.get_or_create(
            query_id=query.number, defaults={"query_label": query.label, "query_type": query.kind}
        )
        if not is_new:
            continue
        QuerySql.objects.bulk_create(
            QuerySql(
                query_id=query.number,
                query_dbtype=statement.dbtype,
                query_crud=verb,
                query_pool=POOL,
                query_sqlquery=statement.sql,
                query_orderby=statement.order_by or None,
            )
            for verb, statement in query.statements.items()
        )
        if query.public:
            DefinitionPolicy.objects.get_or_create(
                catalogue="default", query_id=query.number, crud="GET", defaults={"public": True}
            )
