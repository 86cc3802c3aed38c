"""1.2.0: groups of enumerations get a table of their own, and a note that no older version knows."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def refer(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    groups = apps.get_model("framework", "EnumerationGroup").objects.using(alias)
    for row in apps.get_model("framework", "Enumeration").objects.using(alias).order_by("pk"):
        if row.enum_group is not None:
            row.group, _ = groups.get_or_create(grp_name=row.enum_group)
            row.save(using=alias, update_fields=["group"])


def name(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    alias = schema_editor.connection.alias
    rows = apps.get_model("framework", "Enumeration").objects.using(alias)
    for row in rows.exclude(group=None).select_related("group").order_by("pk"):
        row.enum_group = row.group.grp_name
        row.save(using=alias, update_fields=["enum_group"])


class Migration(migrations.Migration):
    dependencies = [("framework", "9001_split_labels")]

    operations = [
        migrations.CreateModel(
            "EnumerationGroup",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("grp_name", models.CharField(max_length=40, unique=True)),
                ("grp_note", models.TextField(default="")),
            ],
            options={
                "db_table": "ly_enum_grp",
                "indexes": [models.Index(fields=["grp_name", "id"], name="ly_enum_grp_name_id")],
            },
        ),
        migrations.AddField(
            "Enumeration",
            "group",
            models.ForeignKey(
                "framework.EnumerationGroup",
                models.PROTECT,
                null=True,
                db_column="grp_id",
                db_constraint=False,
            ),
        ),
        migrations.RunPython(refer, name),
        migrations.RemoveField("Enumeration", "enum_group"),
        migrations.RenameField("Enumeration", "enum_text", "enum_words"),
    ]
