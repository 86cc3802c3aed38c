"""What the admin site changes in audited framework tables: an entry for each row, in the same transaction.

Stored writes are recorded where they run (`recording`). The admin site writes through Django's models, whose
signals tell of every row that is saved or deleted. Other code that writes framework tables through models
(sign-in, imports, commands) acts for nobody and leaves no entries.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from apps.accounts.caller import DEFAULT_CATALOGUE
from apps.audit.marks import audited_tables
from apps.audit.models import ADMIN
from apps.audit.store import STORE, Entry, insertions, store_ddl
from apps.pools.framework_tables import has_table, run_within
from apps.pools.registry import dialect_for
from apps.pools.router import CATALOGUE_APPS
from liberty.admin import acting_user
from liberty.api.json_text import dump
from liberty.api.request_id import current_request_id
from liberty.secrets import STAND_IN, is_secret

NO_QUERY = 0

FRAMEWORK_TABLES = "ly_"
_BEFORE = "_audited_before"

Row = dict[str, Any]


def watch_models() -> None:
    """Listen to the models of framework tables.

    One by one: Django reads every row that it deletes from a table that somebody listens to.
    """
    for model in _framework_models():
        for signal in (pre_save, pre_delete):
            signal.connect(_look, sender=model, dispatch_uid=f"audit: before {model._meta.label}")
        post_save.connect(_saved, sender=model, dispatch_uid=f"audit: {model._meta.label}")
        post_delete.connect(_deleted, sender=model, dispatch_uid=f"audit: {model._meta.label}")


def row_key(instance: models.Model) -> str:
    """Return the key of a stored row as entries have it: its columns in the order of the table, as JSON."""
    names = {field.attname for field in instance._meta.pk_fields}
    fields = [field for field in instance._meta.concrete_fields if field.attname in names]
    return dump({field.column: getattr(instance, field.attname) for field in fields}).decode()


def _framework_models() -> Iterator[type[models.Model]]:
    for label in sorted(CATALOGUE_APPS):
        for model in apps.get_app_config(label).get_models():
            if model._meta.db_table.startswith(FRAMEWORK_TABLES):
                yield model


def _is_recorded(model: type[models.Model], using: str) -> bool:
    return (
        using == DEFAULT_DB_ALIAS
        and bool(acting_user())
        and model._meta.db_table.lower() in audited_tables(DEFAULT_DB_ALIAS)
    )


def _look(sender: type[models.Model], instance: models.Model, using: str, **kwargs: Any) -> None:
    if _is_recorded(sender, using):
        setattr(instance, _BEFORE, _stored(instance, using))


def _saved(sender: type[models.Model], instance: models.Model, using: str, **kwargs: Any) -> None:
    if _is_recorded(sender, using):
        before = instance.__dict__.pop(_BEFORE, None)
        _write(instance, "INSERT" if before is None else "UPDATE", before, _stored(instance, using))


def _deleted(sender: type[models.Model], instance: models.Model, using: str, **kwargs: Any) -> None:
    if _is_recorded(sender, using):
        _write(instance, "DELETE", instance.__dict__.pop(_BEFORE, None), None)


def _stored(instance: models.Model, using: str) -> Row | None:
    """Return the row as it is stored, by column; None if there is none. It is locked where rows can be."""
    fields = instance._meta.concrete_fields
    rows = type(instance)._base_manager.using(using).filter(pk=instance.pk).select_for_update(no_key=True)
    values = rows.values_list(*(field.attname for field in fields)).first()
    if values is None:
        return None
    row = {field.column: value for field, value in zip(fields, values, strict=True)}
    table = instance._meta.db_table
    secrets = [name for name in row if is_secret(name, (table, name)) and row[name] is not None]
    return row | dict.fromkeys(secrets, STAND_IN)


def _write(instance: models.Model, verb: str, before: Row | None, after: Row | None) -> None:
    dialect = dialect_for(DEFAULT_DB_ALIAS)
    if not has_table(DEFAULT_DB_ALIAS, STORE):
        run_within(DEFAULT_DB_ALIAS, store_ddl(dialect))
    entry = Entry(
        table=instance._meta.db_table,
        row_key=row_key(instance),
        verb=verb,
        actor=f"{DEFAULT_CATALOGUE}/{acting_user()}",
        source=ADMIN,
        query=NO_QUERY,
        request_id=current_request_id(),
        before=None if before is None else dump(before).decode(),
        after=None if after is None else dump(after).decode(),
    )
    for statement in insertions([entry], dialect):
        run_within(DEFAULT_DB_ALIAS, statement)
