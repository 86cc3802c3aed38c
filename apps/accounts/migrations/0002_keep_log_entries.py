"""Let a stored DELETE remove a user whose actions the admin site has logged."""

from copy import copy
from typing import Any

from django.db import migrations, router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def drop_constraint(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the foreign key to the user away from the admin's log, in the database only.

    It neither cascades nor allows the DELETE. Without it the log keeps the user id, and the history pages
    still open. The model is Django's: a changed state would ask for a migration in Django's own app.
    """
    if not _has_log(apps, schema_editor):
        return
    with_constraint, without = _fields(apps)
    schema_editor.alter_field(apps.get_model("admin", "LogEntry"), with_constraint, without)


def add_constraint(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put the foreign key back. What was logged of users who are gone cannot stay."""
    if not _has_log(apps, schema_editor):
        return
    log_entry, user = apps.get_model("admin", "LogEntry"), apps.get_model("accounts", "User")
    alias = schema_editor.connection.alias
    log_entry.objects.using(alias).exclude(user__in=user.objects.using(alias).values("pk")).delete()
    with_constraint, without = _fields(apps)
    schema_editor.alter_field(log_entry, without, with_constraint)


def _has_log(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> bool:
    """Say whether the admin's tables are in this database; a catalogue on a pool has none."""
    return router.allow_migrate_model(schema_editor.connection.alias, apps.get_model("admin", "LogEntry"))


def _fields(apps: StateApps) -> tuple[Any, Any]:
    """Return the log's user field as Django has it, and without a constraint."""
    field = apps.get_model("admin", "LogEntry")._meta.get_field("user")
    without = copy(field)
    without.db_constraint = False
    return field, without


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [migrations.RunPython(drop_constraint, add_constraint)]
