"""Stored queries and our marks on them.

The order of operations is that of the foreign keys in the database, and the order of fields is that of the
columns: stored SQL inserts by position. `makemigrations` would put relations last.
"""

import django.db.models.deletion
from django.db import migrations, models

import liberty.constraints
import liberty.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Query",
            fields=[
                ("query_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("query_label", models.CharField(max_length=100, verbose_name="label")),
                ("query_type", models.CharField(max_length=20, verbose_name="type")),
                (
                    "query_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "query_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "query",
                "verbose_name_plural": "queries",
                "db_table": "ly_query",
            },
        ),
        migrations.CreateModel(
            name="QuerySql",
            fields=[
                (
                    "query",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sql",
                        to="queries.query",
                        verbose_name="query",
                    ),
                ),
                ("query_dbtype", models.CharField(max_length=10, verbose_name="database type")),
                ("query_crud", models.CharField(max_length=10, verbose_name="verb")),
                ("query_pool", models.CharField(max_length=10, verbose_name="pool")),
                ("query_sqlquery", models.TextField(blank=True, null=True, verbose_name="SQL")),
                (
                    "query_orderby",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="order"),
                ),
                (
                    "query_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "query_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "query_id",
                        "query_dbtype",
                        "query_crud",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "query SQL",
                "verbose_name_plural": "query SQL",
                "db_table": "ly_qry_sql",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("query_id",), name="ly_qry_sql_query_fk", table="ly_query"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FrameworkQuery",
            fields=[
                ("fmw_id", models.IntegerField(verbose_name="number")),
                ("fmw_dbtype", models.CharField(max_length=10, verbose_name="database type")),
                ("fmw_crud", models.CharField(max_length=10, verbose_name="verb")),
                (
                    "fmw_description",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="description"),
                ),
                ("fmw_pool", models.CharField(max_length=10, verbose_name="pool")),
                ("fmw_sqlquery", models.TextField(blank=True, null=True, verbose_name="SQL")),
                (
                    "fmw_orderby",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="order"),
                ),
                (
                    "fmw_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "fmw_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "fmw_id",
                        "fmw_dbtype",
                        "fmw_crud",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "imported framework query",
                "verbose_name_plural": "imported framework queries",
                "db_table": "ly_qry_fmw",
            },
        ),
        migrations.CreateModel(
            name="DefinitionPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("catalogue", models.CharField(default="default", max_length=101, verbose_name="catalogue")),
                ("query_id", models.IntegerField(verbose_name="query")),
                ("crud", models.CharField(max_length=10, verbose_name="verb")),
                (
                    "public",
                    models.BooleanField(
                        default=False,
                        help_text="Users who are not administrators may call it.",
                        verbose_name="public",
                    ),
                ),
                (
                    "allow_unconditional",
                    models.BooleanField(
                        default=False,
                        help_text="It may update or delete every row of a table.",
                        verbose_name="without condition",
                    ),
                ),
            ],
            options={
                "verbose_name": "query policy",
                "verbose_name_plural": "query policies",
                "db_table": "liberty_definition_policy",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("catalogue", "query_id", "crud"), name="liberty_definition_policy_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FrameworkSwitch",
            fields=[
                (
                    "fmw_id",
                    models.IntegerField(primary_key=True, serialize=False, verbose_name="framework query"),
                ),
            ],
            options={
                "verbose_name": "switch to an imported framework query",
                "verbose_name_plural": "switches to imported framework queries",
                "db_table": "liberty_framework_switch",
            },
        ),
    ]
