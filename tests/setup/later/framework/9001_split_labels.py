"""1.1.0: the label of an enumeration, `Group: Text`, becomes two columns."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from tests.setup.later import last_real

SEPARATOR = ": "


def split(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    enumerations = apps.get_model("framework", "Enumeration").objects.using(schema_editor.connection.alias)
    for row in enumerations.order_by("pk"):
        group, separator, text = row.enum_label.partition(SEPARATOR)
        row.enum_group, row.enum_text = (group, text) if separator else (None, group)
        row.save(using=schema_editor.connection.alias, update_fields=["enum_group", "enum_text"])


def join(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    enumerations = apps.get_model("framework", "Enumeration").objects.using(schema_editor.connection.alias)
    for row in enumerations.order_by("pk"):
        known = row.enum_group is not None
        row.enum_label = f"{row.enum_group}{SEPARATOR}{row.enum_text}" if known else row.enum_text
        row.save(using=schema_editor.connection.alias, update_fields=["enum_label"])


class Migration(migrations.Migration):
    dependencies = [("framework", last_real("framework"))]

    operations = [
        migrations.AddField("Enumeration", "enum_group", models.CharField(max_length=40, null=True)),
        migrations.AddField("Enumeration", "enum_text", models.CharField(max_length=40, default="")),
        migrations.AlterField("Enumeration", "enum_label", models.CharField(max_length=40, null=True)),
        migrations.RunPython(split, join),
        migrations.RemoveField("Enumeration", "enum_label"),
    ]
