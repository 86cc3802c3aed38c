"""Pools, schema names and the stamp of a catalogue.

The order of operations is that of the foreign keys in the database, and the order of fields is that of the
columns: stored SQL inserts by position. `makemigrations` would put relations last.
"""

from django.db import migrations, models

import liberty.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Pool",
            fields=[
                ("apps_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("apps_name", models.CharField(blank=True, max_length=40, null=True, verbose_name="name")),
                (
                    "apps_description",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="description"),
                ),
                ("apps_version", models.IntegerField(blank=True, null=True, verbose_name="version")),
                ("apps_pool", models.CharField(blank=True, max_length=50, null=True, verbose_name="pool")),
                (
                    "apps_pool_min",
                    models.IntegerField(blank=True, null=True, verbose_name="fewest connections"),
                ),
                (
                    "apps_pool_max",
                    models.IntegerField(blank=True, null=True, verbose_name="most connections"),
                ),
                (
                    "apps_dbtype",
                    models.CharField(blank=True, max_length=10, null=True, verbose_name="database type"),
                ),
                (
                    "apps_jdbc",
                    models.CharField(blank=True, max_length=500, null=True, verbose_name="connection text"),
                ),
                (
                    "apps_user",
                    models.CharField(blank=True, max_length=20, null=True, verbose_name="database user"),
                ),
                ("apps_password", models.TextField(blank=True, null=True, verbose_name="password")),
                ("apps_host", models.CharField(blank=True, max_length=100, null=True, verbose_name="host")),
                ("apps_port", models.IntegerField(blank=True, null=True, verbose_name="port")),
                (
                    "apps_database",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="database"),
                ),
                ("apps_offset", models.IntegerField(blank=True, null=True, verbose_name="default offset")),
                ("apps_limit", models.IntegerField(blank=True, null=True, verbose_name="default limit")),
                (
                    "apps_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "apps_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("apps_dashboard", models.IntegerField(blank=True, null=True, verbose_name="dashboard")),
                ("apps_type", models.CharField(blank=True, max_length=20, null=True, verbose_name="type")),
                ("apps_theme", models.CharField(blank=True, max_length=20, null=True, verbose_name="theme")),
                (
                    "apps_replace_null",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="blank text for null"),
                ),
            ],
            options={
                "verbose_name": "pool",
                "verbose_name_plural": "pools",
                "db_table": "ly_applications",
            },
        ),
        migrations.CreateModel(
            name="SchemaName",
            fields=[
                ("sch_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("sch_pool", models.CharField(blank=True, max_length=50, null=True, verbose_name="pool")),
                ("sch_name", models.CharField(blank=True, max_length=30, null=True, verbose_name="name")),
                (
                    "sch_target",
                    models.CharField(
                        blank=True, max_length=30, null=True, verbose_name="schema in the database"
                    ),
                ),
                (
                    "sch_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "sch_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "schema name",
                "verbose_name_plural": "schema names",
                "db_table": "ly_db_schema",
            },
        ),
        migrations.CreateModel(
            name="CatalogueStamp",
            fields=[
                (
                    "catalogue",
                    models.CharField(
                        max_length=120, primary_key=True, serialize=False, verbose_name="catalogue or event"
                    ),
                ),
                ("stamp", models.BigIntegerField(default=0, verbose_name="stamp")),
            ],
            options={
                "verbose_name": "catalogue stamp",
                "verbose_name_plural": "catalogue stamps",
                "db_table": "liberty_catalogue_stamp",
            },
        ),
    ]
