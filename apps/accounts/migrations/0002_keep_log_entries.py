"""Let a stored DELETE remove a user whose actions the admin site has logged."""

from copy import copy

from django.db import migrations, router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def set_constraint(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor, *, wanted: bool) -> None:
    """Give the user column of the admin's log a foreign key in the database, or take it away.

    Django's foreign key neither cascades nor allows the DELETE. Without it the log keeps the user id, and
    the history pages still open. Only the database changes: the model is Django's, and a changed state
    would ask for a migration in Django's own app.
    """
    log_entry = apps.get_model("admin", "LogEntry")
    if not router.allow_migrate_model(schema_editor.connection.alias, log_entry):
        return
    field = log_entry._meta.get_field("user")
    without = copy(field)
    without.db_constraint = False
    old, new = (without, field) if wanted else (field, without)
    schema_editor.alter_field(log_entry, old, new)


def drop_constraint(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    set_constraint(apps, schema_editor, wanted=False)


def add_constraint(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    set_constraint(apps, schema_editor, wanted=True)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]

    operations = [migrations.RunPython(drop_constraint, add_constraint)]
