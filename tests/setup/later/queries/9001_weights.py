"""1.2.0: a column that only this version knows, filled from another."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import F

from tests.setup.later import last_real


def weigh(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    queries = apps.get_model("queries", "Query").objects.using(schema_editor.connection.alias)
    queries.update(query_weight=F("query_id") * 2)


class Migration(migrations.Migration):
    dependencies = [("queries", last_real("queries")), ("framework", "9002_groups")]

    operations = [
        migrations.AddField("Query", "query_weight", models.IntegerField(null=True)),
        migrations.RunPython(weigh, migrations.RunPython.noop),
        migrations.AddIndex("Query", models.Index(fields=["query_weight"], name="ly_query_weight")),
    ]
