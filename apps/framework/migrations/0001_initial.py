"""The tables that the client interface is made of.

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
            name="Action",
            fields=[
                ("act_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="action")),
                ("act_label", models.CharField(blank=True, max_length=255, null=True, verbose_name="label")),
                (
                    "act_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "act_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
                "db_table": "ly_actions",
            },
        ),
        migrations.CreateModel(
            name="ActionBranch",
            fields=[
                ("act_id", models.IntegerField(verbose_name="action")),
                ("brc_id", models.IntegerField(verbose_name="branch")),
                ("brc_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                (
                    "brc_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "brc_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "act_id", "brc_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "action branch",
                "verbose_name_plural": "action branches",
                "db_table": "ly_act_branch",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("act_id",), name="ly_act_branch_actions_fk", table="ly_actions"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionParameter",
            fields=[
                ("act_id", models.IntegerField(verbose_name="action")),
                ("map_var", models.CharField(max_length=50, verbose_name="variable")),
                ("map_dir", models.CharField(blank=True, max_length=20, null=True, verbose_name="direction")),
                ("map_display", liberty.fields.YesNoField(blank=True, null=True, verbose_name="shown")),
                ("map_rules", models.CharField(blank=True, max_length=10, null=True, verbose_name="rule")),
                (
                    "map_rules_values",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="values of the rule"),
                ),
                (
                    "map_default",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="default"),
                ),
                (
                    "map_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "map_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "act_id", "map_var", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "action parameter",
                "verbose_name_plural": "action parameters",
                "db_table": "ly_act_params",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("act_id",), name="ly_act_params_actions_fk", table="ly_actions"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionParameterFilter",
            fields=[
                ("act_id", models.IntegerField(verbose_name="action")),
                ("map_var", models.CharField(max_length=50, verbose_name="variable")),
                ("flt_id", models.IntegerField(verbose_name="filter")),
                ("flt_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                ("flt_source", models.CharField(blank=True, max_length=50, null=True, verbose_name="source")),
                ("flt_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                ("flt_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                (
                    "flt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "flt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "act_id",
                        "map_var",
                        "flt_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "action parameter filter",
                "verbose_name_plural": "action parameter filters",
                "db_table": "ly_act_params_filters",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("act_id", "map_var"),
                        name="ly_act_params_filters_act_params_fk",
                        table="ly_act_params",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionTask",
            fields=[
                ("act_id", models.IntegerField(verbose_name="action")),
                ("evt_id", models.IntegerField(verbose_name="task")),
                ("evt_seq", models.IntegerField(verbose_name="position")),
                ("evt_type", models.CharField(blank=True, max_length=20, null=True, verbose_name="type")),
                ("evt_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("evt_disabled", liberty.fields.YesNoField(blank=True, null=True, verbose_name="disabled")),
                ("evt_query_id", models.IntegerField(blank=True, null=True, verbose_name="query")),
                (
                    "evt_query_crud",
                    models.CharField(blank=True, max_length=10, null=True, verbose_name="verb"),
                ),
                (
                    "evt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "evt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("evt_cdn_id", models.IntegerField(blank=True, null=True, verbose_name="condition")),
                ("evt_brc_true", models.IntegerField(blank=True, null=True, verbose_name="branch if true")),
                ("evt_brc_false", models.IntegerField(blank=True, null=True, verbose_name="branch if false")),
                ("evt_brc_id", models.IntegerField(blank=True, null=True, verbose_name="branch")),
                ("evt_api_id", models.IntegerField(blank=True, null=True, verbose_name="API")),
                (
                    "evt_component",
                    models.CharField(blank=True, max_length=20, null=True, verbose_name="component"),
                ),
                (
                    "evt_component_id",
                    models.IntegerField(blank=True, null=True, verbose_name="number of the component"),
                ),
                ("evt_loop", liberty.fields.YesNoField(blank=True, null=True, verbose_name="repeated")),
                (
                    "evt_loop_array",
                    models.CharField(
                        blank=True, max_length=50, null=True, verbose_name="list to repeat over"
                    ),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "act_id", "evt_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "action task",
                "verbose_name_plural": "action tasks",
                "db_table": "ly_act_tasks",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("act_id",), name="ly_act_tasks_actions_fk", table="ly_actions"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ActionTaskParameter",
            fields=[
                ("act_id", models.IntegerField(verbose_name="action")),
                ("evt_id", models.IntegerField(verbose_name="task")),
                ("map_id", models.IntegerField(verbose_name="parameter")),
                ("map_type", models.CharField(max_length=20, verbose_name="type")),
                ("map_dir", models.CharField(blank=True, max_length=20, null=True, verbose_name="direction")),
                ("map_var", models.CharField(blank=True, max_length=50, null=True, verbose_name="variable")),
                ("map_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                (
                    "map_var_type",
                    models.CharField(
                        blank=True, max_length=20, null=True, verbose_name="type of the variable"
                    ),
                ),
                ("map_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                ("map_rules", models.CharField(blank=True, max_length=20, null=True, verbose_name="rule")),
                (
                    "map_rules_values",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="values of the rule"),
                ),
                (
                    "map_default",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="default"),
                ),
                (
                    "map_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "map_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "act_id",
                        "evt_id",
                        "map_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "action task parameter",
                "verbose_name_plural": "action task parameters",
                "db_table": "ly_act_tasks_params",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("act_id", "evt_id"),
                        name="ly_act_tasks_params_act_tasks_fk",
                        table="ly_act_tasks",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("evt_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="event")),
                ("evt_component", models.CharField(max_length=20, verbose_name="component")),
                ("evt_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                (
                    "evt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "evt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "db_table": "ly_events",
            },
        ),
        migrations.CreateModel(
            name="ComponentEvent",
            fields=[
                ("evt_component", models.CharField(max_length=20, verbose_name="component")),
                ("evt_cpt_id", models.IntegerField(verbose_name="number of the component")),
                ("evt_id", models.IntegerField(verbose_name="event")),
                ("evt_col_id", models.IntegerField(verbose_name="column")),
                ("evt_seq_id", models.IntegerField(verbose_name="position")),
                ("evt_act_id", models.IntegerField(verbose_name="action")),
                (
                    "evt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "evt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "evt_component",
                        "evt_cpt_id",
                        "evt_id",
                        "evt_col_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "component event",
                "verbose_name_plural": "component events",
                "db_table": "ly_evt_cpt",
            },
        ),
        migrations.CreateModel(
            name="DictionaryEvent",
            fields=[
                ("evt_component", models.CharField(max_length=20, verbose_name="component")),
                ("evt_cpt_id", models.IntegerField(verbose_name="number of the component")),
                ("evt_dd_id", models.CharField(max_length=50, verbose_name="dictionary entry")),
                ("evt_id", models.IntegerField(verbose_name="event")),
                ("evt_act_id", models.IntegerField(verbose_name="action")),
                (
                    "evt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "evt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "evt_component",
                        "evt_cpt_id",
                        "evt_dd_id",
                        "evt_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "dictionary event",
                "verbose_name_plural": "dictionary events",
                "db_table": "ly_evt_dd",
            },
        ),
        migrations.CreateModel(
            name="Function",
            fields=[
                ("fct_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="function")),
                ("fct_name", models.CharField(max_length=100, verbose_name="name")),
                ("fct_label", models.CharField(blank=True, max_length=255, null=True, verbose_name="label")),
                ("fct_script", models.TextField(blank=True, null=True, verbose_name="script")),
                (
                    "fct_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "fct_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "function",
                "verbose_name_plural": "functions",
                "db_table": "ly_function",
            },
        ),
        migrations.CreateModel(
            name="Condition",
            fields=[
                ("cdn_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="condition")),
                ("cdn_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                (
                    "cdn_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "cdn_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "condition",
                "verbose_name_plural": "conditions",
                "db_table": "ly_condition",
            },
        ),
        migrations.CreateModel(
            name="ConditionGroup",
            fields=[
                ("cdn_id", models.IntegerField(verbose_name="condition")),
                ("cdn_group", models.IntegerField(verbose_name="group")),
                ("cdn_label", models.CharField(blank=True, max_length=50, null=True, verbose_name="label")),
                (
                    "cdn_logical",
                    models.CharField(blank=True, max_length=20, null=True, verbose_name="and / or"),
                ),
                (
                    "cdn_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "cdn_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "cdn_id", "cdn_group", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "condition group",
                "verbose_name_plural": "condition groups",
                "db_table": "ly_cdn_grp",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("cdn_id",), name="ly_cdn_grp_condition_fk", table="ly_condition"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ConditionParameter",
            fields=[
                ("cdn_id", models.IntegerField(verbose_name="condition")),
                ("cdn_params_id", models.IntegerField(verbose_name="parameter")),
                ("cdn_seq", models.IntegerField(verbose_name="position")),
                (
                    "cdn_dd_id",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="dictionary entry"),
                ),
                (
                    "cdn_operator",
                    models.CharField(blank=True, max_length=20, null=True, verbose_name="operator"),
                ),
                ("cdn_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                ("cdn_enum_id", models.IntegerField(blank=True, null=True, verbose_name="enumeration")),
                ("cdn_lookup_id", models.IntegerField(blank=True, null=True, verbose_name="lookup")),
                (
                    "cdn_logical",
                    models.CharField(blank=True, max_length=20, null=True, verbose_name="and / or"),
                ),
                ("cdn_group", models.IntegerField(blank=True, null=True, verbose_name="group")),
                (
                    "cdn_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "cdn_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("cdn_type", models.CharField(blank=True, max_length=20, null=True, verbose_name="type")),
                (
                    "cdn_grp_label",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="label of the group"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "cdn_id",
                        "cdn_params_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "condition parameter",
                "verbose_name_plural": "condition parameters",
                "db_table": "ly_cdn_params",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("cdn_id",), name="ly_cdn_params_condition_fk", table="ly_condition"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContextMenu",
            fields=[
                (
                    "ctx_id",
                    models.IntegerField(primary_key=True, serialize=False, verbose_name="context menu"),
                ),
                (
                    "ctx_description",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="description"),
                ),
                (
                    "ctx_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "ctx_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "context menu",
                "verbose_name_plural": "context menus",
                "db_table": "ly_ctxmenus",
            },
        ),
        migrations.CreateModel(
            name="ContextMenuEntry",
            fields=[
                ("ctx_id", models.IntegerField(verbose_name="context menu")),
                ("val_id", models.IntegerField(verbose_name="entry")),
                ("val_seq", models.IntegerField(blank=True, null=True, verbose_name="position")),
                ("val_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                (
                    "val_component",
                    models.CharField(blank=True, max_length=40, null=True, verbose_name="component"),
                ),
                (
                    "val_component_id",
                    models.IntegerField(blank=True, null=True, verbose_name="number of the component"),
                ),
                (
                    "val_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "val_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "ctx_id", "val_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "context menu entry",
                "verbose_name_plural": "context menu entries",
                "db_table": "ly_ctx_val",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("ctx_id",), name="ly_ctx_val_ctxmenus_fk", table="ly_ctxmenus"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContextMenuFilter",
            fields=[
                ("ctx_id", models.IntegerField(verbose_name="context menu")),
                ("val_id", models.IntegerField(verbose_name="entry")),
                ("flt_id", models.IntegerField(verbose_name="filter")),
                ("flt_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                ("flt_source", models.CharField(blank=True, max_length=50, null=True, verbose_name="source")),
                ("flt_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                (
                    "flt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "flt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("flt_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "ctx_id",
                        "val_id",
                        "flt_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "context menu filter",
                "verbose_name_plural": "context menu filters",
                "db_table": "ly_ctx_filters",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("ctx_id", "val_id"), name="ly_ctx_filters_ctx_val_fk", table="ly_ctx_val"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContextMenuLabel",
            fields=[
                ("ctx_id", models.IntegerField(verbose_name="context menu")),
                ("val_id", models.IntegerField(verbose_name="entry")),
                ("lng_id", models.CharField(max_length=4, verbose_name="language")),
                ("lng_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                (
                    "lng_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "lng_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lng_id",
                        "ctx_id",
                        "val_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "context menu label",
                "verbose_name_plural": "context menu labels",
                "db_table": "ly_ctx_val_l",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("ctx_id", "val_id"), name="ly_ctx_val_l_ctx_val_fk", table="ly_ctx_val"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Chart",
            fields=[
                ("crt_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="chart")),
                ("crt_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("crt_type", models.CharField(blank=True, max_length=20, null=True, verbose_name="type")),
                (
                    "crt_grid_hz",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="horizontal grid"),
                ),
                (
                    "crt_grid_vt",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="vertical grid"),
                ),
                (
                    "crt_axis_x",
                    models.CharField(
                        blank=True, max_length=50, null=True, verbose_name="column of the x axis"
                    ),
                ),
                (
                    "crt_axis_y1",
                    models.CharField(
                        blank=True, max_length=50, null=True, verbose_name="column of the first y axis"
                    ),
                ),
                (
                    "crt_axis_y2",
                    models.CharField(
                        blank=True, max_length=50, null=True, verbose_name="column of the second y axis"
                    ),
                ),
                ("crt_query_id", models.IntegerField(blank=True, null=True, verbose_name="query")),
                (
                    "crt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "crt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "chart",
                "verbose_name_plural": "charts",
                "db_table": "ly_charts",
            },
        ),
        migrations.CreateModel(
            name="Dashboard",
            fields=[
                ("dsh_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="dashboard")),
                ("dsh_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("dsh_row", models.IntegerField(blank=True, null=True, verbose_name="rows")),
                ("dsh_column", models.IntegerField(blank=True, null=True, verbose_name="columns")),
                (
                    "dsh_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "dsh_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "dashboard",
                "verbose_name_plural": "dashboards",
                "db_table": "ly_dashboard",
            },
        ),
        migrations.CreateModel(
            name="DashboardCell",
            fields=[
                ("dsh_id", models.IntegerField(verbose_name="dashboard")),
                ("dsh_col_id", models.IntegerField(verbose_name="cell")),
                (
                    "dsh_display_title",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="title shown"),
                ),
                ("dsh_title", models.CharField(blank=True, max_length=50, null=True, verbose_name="title")),
                ("dsh_row", models.IntegerField(blank=True, null=True, verbose_name="row")),
                ("dsh_column", models.IntegerField(blank=True, null=True, verbose_name="column")),
                (
                    "dsh_component",
                    models.CharField(blank=True, max_length=20, null=True, verbose_name="component"),
                ),
                (
                    "dsh_component_id",
                    models.IntegerField(blank=True, null=True, verbose_name="number of the component"),
                ),
                (
                    "dsh_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "dsh_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "dsh_id", "dsh_col_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "dashboard cell",
                "verbose_name_plural": "dashboard cells",
                "db_table": "ly_dsh_col",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("dsh_id",), name="ly_dsh_col_dashboard_fk", table="ly_dashboard"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Dialog",
            fields=[
                ("dlg_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="dialog")),
                ("dlg_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                (
                    "dlg_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "dlg_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "dialog",
                "verbose_name_plural": "dialogs",
                "db_table": "ly_dialogs",
            },
        ),
        migrations.CreateModel(
            name="DialogForm",
            fields=[
                ("dlg_id", models.IntegerField(verbose_name="dialog")),
                ("frm_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="form")),
                ("frm_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("frm_query_id", models.IntegerField(blank=True, null=True, verbose_name="query")),
                (
                    "frm_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "frm_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "dialog form",
                "verbose_name_plural": "dialog forms",
                "db_table": "ly_dlg_frm",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("dlg_id",), name="ly_dlg_frm_dialogs_fk", table="ly_dialogs"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DialogTab",
            fields=[
                ("frm_id", models.IntegerField(verbose_name="form")),
                ("tab_id", models.IntegerField(verbose_name="tab")),
                ("tab_seq", models.IntegerField(blank=True, null=True, verbose_name="position")),
                ("tab_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("tab_cdn_id", models.IntegerField(blank=True, null=True, verbose_name="condition")),
                ("tab_cols", models.IntegerField(blank=True, null=True, verbose_name="number of columns")),
                (
                    "tab_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "tab_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "tab_disable_add",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="disabled when adding"),
                ),
                (
                    "tab_disable_edit",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="disabled when editing"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "frm_id", "tab_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "dialog tab",
                "verbose_name_plural": "dialog tabs",
                "db_table": "ly_dlg_tab",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("frm_id",), name="ly_dlg_tab_dlg_frm_fk", table="ly_dlg_frm"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DialogTabCondition",
            fields=[
                ("frm_id", models.IntegerField(verbose_name="form")),
                ("tab_id", models.IntegerField(verbose_name="tab")),
                ("cdn_id", models.IntegerField(verbose_name="condition")),
                ("cdn_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                ("cdn_source", models.CharField(blank=True, max_length=50, null=True, verbose_name="source")),
                ("cdn_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                (
                    "cdn_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "cdn_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("cdn_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "frm_id",
                        "tab_id",
                        "cdn_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "dialog tab condition",
                "verbose_name_plural": "dialog tab conditions",
                "db_table": "ly_dlg_tab_cdn",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("frm_id", "tab_id"), name="ly_dlg_tab_cdn_dlg_tab_fk", table="ly_dlg_tab"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DialogTabLabel",
            fields=[
                ("frm_id", models.IntegerField(verbose_name="form")),
                ("tab_id", models.IntegerField(verbose_name="tab")),
                ("lng_id", models.CharField(max_length=4, verbose_name="language")),
                ("lng_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                (
                    "lng_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "lng_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "frm_id",
                        "tab_id",
                        "lng_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "dialog tab label",
                "verbose_name_plural": "dialog tab labels",
                "db_table": "ly_dlg_tab_l",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("frm_id", "tab_id"), name="ly_dlg_tab_l_dlg_tab_fk", table="ly_dlg_tab"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DialogField",
            fields=[
                ("frm_id", models.IntegerField(verbose_name="form")),
                ("col_id", models.IntegerField(verbose_name="field")),
                ("tab_id", models.IntegerField(verbose_name="tab")),
                ("col_seq", models.IntegerField(blank=True, null=True, verbose_name="position")),
                ("col_colspan", models.IntegerField(blank=True, null=True, verbose_name="columns taken")),
                ("col_component", models.CharField(max_length=20, verbose_name="component")),
                (
                    "col_component_id",
                    models.IntegerField(blank=True, null=True, verbose_name="number of the component"),
                ),
                (
                    "col_dd_id",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="dictionary entry"),
                ),
                ("col_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("col_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                ("col_type", models.CharField(blank=True, max_length=20, null=True, verbose_name="type")),
                ("col_rules", models.CharField(blank=True, max_length=20, null=True, verbose_name="rule")),
                (
                    "col_rules_values",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="values of the rule"),
                ),
                (
                    "col_default",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="default"),
                ),
                ("col_visible", liberty.fields.YesNoField(blank=True, null=True, verbose_name="visible")),
                ("col_disabled", liberty.fields.YesNoField(blank=True, null=True, verbose_name="disabled")),
                ("col_required", liberty.fields.YesNoField(blank=True, null=True, verbose_name="required")),
                ("col_key", liberty.fields.YesNoField(blank=True, null=True, verbose_name="key")),
                (
                    "col_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "col_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("col_cdn_id", models.IntegerField(blank=True, null=True, verbose_name="condition")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "frm_id", "col_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "dialog field",
                "verbose_name_plural": "dialog fields",
                "db_table": "ly_dlg_col",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("frm_id",), name="ly_dlg_col_dlg_frm_fk", table="ly_dlg_frm"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DialogFieldCondition",
            fields=[
                ("frm_id", models.IntegerField(verbose_name="form")),
                ("col_id", models.IntegerField(verbose_name="field")),
                ("cdn_id", models.IntegerField(verbose_name="condition")),
                ("cdn_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                ("cdn_source", models.CharField(blank=True, max_length=50, null=True, verbose_name="source")),
                ("cdn_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                (
                    "cdn_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "cdn_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("cdn_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "frm_id",
                        "col_id",
                        "cdn_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "dialog field condition",
                "verbose_name_plural": "dialog field conditions",
                "db_table": "ly_dlg_col_cdn",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("frm_id", "col_id"), name="ly_dlg_col_cdn_dlg_col_fk", table="ly_dlg_col"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DialogFilter",
            fields=[
                ("frm_id", models.IntegerField(verbose_name="form")),
                ("col_id", models.IntegerField(verbose_name="field")),
                ("flt_id", models.IntegerField(verbose_name="filter")),
                ("flt_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                ("flt_source", models.CharField(blank=True, max_length=50, null=True, verbose_name="source")),
                ("flt_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                (
                    "flt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "flt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("flt_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "frm_id",
                        "col_id",
                        "flt_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "dialog filter",
                "verbose_name_plural": "dialog filters",
                "db_table": "ly_dlg_filters",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("frm_id", "col_id"), name="ly_dlg_filters_dlg_col_fk", table="ly_dlg_col"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Language",
            fields=[
                (
                    "lng_id",
                    models.CharField(
                        max_length=5, primary_key=True, serialize=False, verbose_name="language"
                    ),
                ),
                ("lng_name", models.CharField(blank=True, max_length=20, null=True, verbose_name="name")),
                (
                    "lng_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "lng_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "language",
                "verbose_name_plural": "languages",
                "db_table": "ly_language",
            },
        ),
        migrations.CreateModel(
            name="Dictionary",
            fields=[
                (
                    "dd_id",
                    models.CharField(
                        max_length=50, primary_key=True, serialize=False, verbose_name="dictionary entry"
                    ),
                ),
                ("dd_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("dd_type", models.CharField(blank=True, max_length=40, null=True, verbose_name="type")),
                ("dd_rules", models.CharField(blank=True, max_length=20, null=True, verbose_name="rule")),
                (
                    "dd_rules_values",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="values of the rule"),
                ),
                (
                    "dd_default",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="default"),
                ),
                (
                    "dd_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "dd_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "dictionary entry",
                "verbose_name_plural": "dictionary entries",
                "db_table": "ly_dictionary",
            },
        ),
        migrations.CreateModel(
            name="DictionaryFilter",
            fields=[
                ("dd_id", models.CharField(max_length=50, verbose_name="dictionary entry")),
                ("flt_id", models.IntegerField(verbose_name="filter")),
                ("flt_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                ("flt_source", models.CharField(blank=True, max_length=50, null=True, verbose_name="source")),
                ("flt_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                (
                    "flt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "flt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("flt_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "dd_id", "flt_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "dictionary filter",
                "verbose_name_plural": "dictionary filters",
                "db_table": "ly_dictionary_filters",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("dd_id",), name="ly_dictionary_filters_dictionary_fk", table="ly_dictionary"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DictionaryLabel",
            fields=[
                (
                    "dd",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labels",
                        to="framework.dictionary",
                        verbose_name="entry",
                    ),
                ),
                ("lng_id", models.CharField(max_length=4, verbose_name="language")),
                ("lng_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                (
                    "lng_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "lng_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "dd_id", "lng_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "dictionary label",
                "verbose_name_plural": "dictionary labels",
                "db_table": "ly_dictionary_l",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("dd_id",), name="ly_dictionary_l_dictionary_fk", table="ly_dictionary"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkCollection",
            fields=[
                (
                    "lnk_id",
                    models.IntegerField(primary_key=True, serialize=False, verbose_name="link collection"),
                ),
                ("lnk_component", models.CharField(max_length=20, verbose_name="component")),
                (
                    "lnk_component_id",
                    models.IntegerField(blank=True, null=True, verbose_name="number of the component"),
                ),
                (
                    "lnk_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "lnk_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "link collection",
                "verbose_name_plural": "link collections",
                "db_table": "ly_links",
            },
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                ("lnk_id", models.IntegerField(verbose_name="link collection")),
                ("val_id", models.IntegerField(verbose_name="link")),
                ("val_sequence", models.IntegerField(verbose_name="position")),
                ("val_label", models.CharField(blank=True, max_length=40, null=True, verbose_name="label")),
                ("val_link", models.CharField(blank=True, max_length=250, null=True, verbose_name="URL")),
                (
                    "val_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "val_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lnk_id", "val_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "db_table": "ly_lnk_val",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("lnk_id",), name="ly_lnk_val_links_fk", table="ly_links"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LinkLabel",
            fields=[
                ("lnk_id", models.IntegerField(verbose_name="link collection")),
                ("val_id", models.IntegerField(verbose_name="link")),
                ("lng_id", models.CharField(max_length=4, verbose_name="language")),
                ("lng_label", models.CharField(blank=True, max_length=40, null=True, verbose_name="label")),
                ("lng_link", models.CharField(blank=True, max_length=250, null=True, verbose_name="URL")),
                (
                    "lng_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "lng_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lnk_id",
                        "val_id",
                        "lng_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "link label",
                "verbose_name_plural": "link labels",
                "db_table": "ly_lnk_val_l",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("lnk_id", "val_id"), name="ly_lnk_val_l_lnk_val_fk", table="ly_lnk_val"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Enumeration",
            fields=[
                (
                    "enum_id",
                    models.IntegerField(primary_key=True, serialize=False, verbose_name="enumeration"),
                ),
                ("enum_label", models.CharField(max_length=40, verbose_name="label")),
                (
                    "enum_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "enum_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "enum_display_add",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="values may be added"),
                ),
            ],
            options={
                "verbose_name": "enumeration",
                "verbose_name_plural": "enumerations",
                "db_table": "ly_enum",
            },
        ),
        migrations.CreateModel(
            name="EnumerationValue",
            fields=[
                ("enum_id", models.IntegerField(verbose_name="enumeration")),
                ("val_enum", models.CharField(max_length=20, verbose_name="value")),
                ("val_label", models.CharField(blank=True, max_length=200, null=True, verbose_name="label")),
                (
                    "val_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "val_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "enum_id", "val_enum", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "enumeration value",
                "verbose_name_plural": "enumeration values",
                "db_table": "ly_enum_val",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("enum_id",), name="ly_enum_val_enum_fk", table="ly_enum"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EnumerationLabel",
            fields=[
                ("enum_id", models.IntegerField(verbose_name="enumeration")),
                ("val_enum", models.CharField(max_length=20, verbose_name="value")),
                ("lng_id", models.CharField(max_length=4, verbose_name="language")),
                ("lng_label", models.CharField(blank=True, max_length=200, null=True, verbose_name="label")),
                (
                    "lng_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "lng_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "enum_id",
                        "val_enum",
                        "lng_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "enumeration label",
                "verbose_name_plural": "enumeration labels",
                "db_table": "ly_enum_val_l",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("enum_id", "val_enum"), name="ly_enum_val_l_enum_val_fk", table="ly_enum_val"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lookup",
            fields=[
                ("lkp_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="lookup")),
                (
                    "lkp_description",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="description"),
                ),
                ("lkp_query_id", models.IntegerField(blank=True, null=True, verbose_name="query")),
                (
                    "lkp_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "lkp_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "lkp_display_add",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="values may be added"),
                ),
                ("lkp_frm_id", models.IntegerField(blank=True, null=True, verbose_name="form")),
                (
                    "lkp_dd_id",
                    models.CharField(
                        blank=True, max_length=50, null=True, verbose_name="column of the value"
                    ),
                ),
                (
                    "lkp_dd_label",
                    models.CharField(
                        blank=True, max_length=50, null=True, verbose_name="column of the label"
                    ),
                ),
                (
                    "lkp_dd_group",
                    models.CharField(
                        blank=True, max_length=50, null=True, verbose_name="column of the group"
                    ),
                ),
                (
                    "lkp_display_search",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="search shown"),
                ),
                ("lkp_tbl_id", models.IntegerField(blank=True, null=True, verbose_name="table")),
            ],
            options={
                "verbose_name": "lookup",
                "verbose_name_plural": "lookups",
                "db_table": "ly_lookup",
            },
        ),
        migrations.CreateModel(
            name="LookupParameter",
            fields=[
                ("lkp_id", models.IntegerField(verbose_name="lookup")),
                ("dd_id", models.CharField(max_length=50, verbose_name="dictionary entry")),
                (
                    "audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("lkp_dir", models.CharField(blank=True, max_length=20, null=True, verbose_name="direction")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lkp_id", "dd_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "lookup parameter",
                "verbose_name_plural": "lookup parameters",
                "db_table": "ly_lkp_params",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("lkp_id",), name="ly_lkp_params_lookup_fk", table="ly_lookup"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sequence",
            fields=[
                ("seq_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="sequence")),
                ("seq_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("seq_query_id", models.IntegerField(blank=True, null=True, verbose_name="query")),
                (
                    "seq_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "seq_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "seq_dd_id",
                    models.CharField(
                        blank=True, max_length=50, null=True, verbose_name="column of the value"
                    ),
                ),
            ],
            options={
                "verbose_name": "sequence",
                "verbose_name_plural": "sequences",
                "db_table": "ly_sequence",
            },
        ),
        migrations.CreateModel(
            name="SequenceParameter",
            fields=[
                ("seq_id", models.IntegerField(verbose_name="sequence")),
                ("dd_id", models.CharField(max_length=50, verbose_name="dictionary entry")),
                (
                    "audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "seq_id", "dd_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "sequence parameter",
                "verbose_name_plural": "sequence parameters",
                "db_table": "ly_seq_params",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("seq_id",), name="ly_seq_params_sequence_fk", table="ly_sequence"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NextNumber",
            fields=[
                (
                    "nn_id",
                    models.CharField(max_length=50, primary_key=True, serialize=False, verbose_name="name"),
                ),
                ("nn_current", models.IntegerField(blank=True, null=True, verbose_name="current number")),
                (
                    "nn_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "nn_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "next number",
                "verbose_name_plural": "next numbers",
                "db_table": "ly_nextnum",
            },
        ),
        migrations.CreateModel(
            name="Menu",
            fields=[
                (
                    "menu_seq_ukid",
                    models.CharField(max_length=150, primary_key=True, serialize=False, verbose_name="key"),
                ),
                (
                    "menu_parent_id",
                    models.CharField(blank=True, max_length=40, null=True, verbose_name="parent"),
                ),
                (
                    "menu_child_id",
                    models.CharField(
                        blank=True, max_length=40, null=True, verbose_name="position in the tree"
                    ),
                ),
                (
                    "menu_component",
                    models.CharField(blank=True, max_length=40, null=True, verbose_name="component"),
                ),
                (
                    "menu_component_id",
                    models.IntegerField(blank=True, null=True, verbose_name="number of the component"),
                ),
                ("menu_label", models.CharField(blank=True, max_length=50, null=True, verbose_name="label")),
                ("menu_level", models.IntegerField(blank=True, null=True, verbose_name="level")),
                (
                    "menu_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "menu_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "menu",
                "verbose_name_plural": "menus",
                "db_table": "ly_menus",
            },
        ),
        migrations.CreateModel(
            name="MenuFilter",
            fields=[
                ("menu_seq_ukid", models.CharField(max_length=150, verbose_name="menu")),
                ("flt_id", models.IntegerField(verbose_name="filter")),
                ("flt_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                ("flt_source", models.CharField(blank=True, max_length=50, null=True, verbose_name="source")),
                ("flt_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                (
                    "flt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "flt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("flt_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "menu_seq_ukid",
                        "flt_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "menu filter",
                "verbose_name_plural": "menu filters",
                "db_table": "ly_menus_filters",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("menu_seq_ukid",), name="ly_menus_filters_menus_fk", table="ly_menus"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MenuLabel",
            fields=[
                ("lng_id", models.CharField(max_length=4, verbose_name="language")),
                (
                    "menu",
                    models.ForeignKey(
                        db_column="lng_seq_ukid",
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="labels",
                        to="framework.menu",
                        verbose_name="menu",
                    ),
                ),
                ("lng_label", models.CharField(blank=True, max_length=50, null=True, verbose_name="label")),
                (
                    "lng_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "lng_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lng_id", "menu_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "menu label",
                "verbose_name_plural": "menu labels",
                "db_table": "ly_menus_l",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("lng_seq_ukid",),
                        name="ly_menus_l_menus_fk",
                        references=("menu_seq_ukid",),
                        table="ly_menus",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Module",
            fields=[
                (
                    "module_id",
                    models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="name"),
                ),
                (
                    "module_description",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="description"),
                ),
                ("module_enabled", liberty.fields.YesNoField(blank=True, null=True, verbose_name="enabled")),
                (
                    "module_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "module_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("module_params", models.TextField(blank=True, null=True, verbose_name="settings")),
            ],
            options={
                "verbose_name": "module",
                "verbose_name_plural": "modules",
                "db_table": "ly_modules",
            },
        ),
        migrations.CreateModel(
            name="Component",
            fields=[
                (
                    "cpt_name",
                    models.CharField(max_length=20, primary_key=True, serialize=False, verbose_name="name"),
                ),
                (
                    "cpt_description",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="description"),
                ),
                ("cpt_enabled", liberty.fields.YesNoField(blank=True, null=True, verbose_name="enabled")),
                ("cpt_usage", models.TextField(blank=True, null=True, verbose_name="usage")),
                (
                    "cpt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "cpt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "component",
                "verbose_name_plural": "components",
                "db_table": "ly_components",
            },
        ),
        migrations.CreateModel(
            name="ApiConnection",
            fields=[
                (
                    "conn_id",
                    models.IntegerField(primary_key=True, serialize=False, verbose_name="connection"),
                ),
                ("conn_label", models.CharField(max_length=100, verbose_name="label")),
                ("conn_url", models.CharField(max_length=255, verbose_name="URL")),
                ("conn_user", models.CharField(blank=True, max_length=100, null=True, verbose_name="user")),
                ("conn_password", models.TextField(blank=True, null=True, verbose_name="password")),
                (
                    "conn_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "conn_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "API connection",
                "verbose_name_plural": "API connections",
                "db_table": "ly_api_conn",
            },
        ),
        migrations.CreateModel(
            name="Api",
            fields=[
                ("api_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="API")),
                ("api_label", models.CharField(max_length=100, verbose_name="label")),
                ("api_source", models.CharField(blank=True, max_length=20, null=True, verbose_name="source")),
                ("api_method", models.CharField(blank=True, max_length=20, null=True, verbose_name="method")),
                ("api_url", models.CharField(max_length=255, verbose_name="URL")),
                ("api_user", models.CharField(blank=True, max_length=100, null=True, verbose_name="user")),
                ("api_password", models.TextField(blank=True, null=True, verbose_name="password")),
                ("api_body", models.TextField(blank=True, null=True, verbose_name="body")),
                (
                    "api_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "api_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("api_conn_id", models.IntegerField(blank=True, null=True, verbose_name="connection")),
            ],
            options={
                "verbose_name": "API",
                "verbose_name_plural": "APIs",
                "db_table": "ly_api",
            },
        ),
        migrations.CreateModel(
            name="ApiHeader",
            fields=[
                ("api_id", models.IntegerField(verbose_name="API")),
                ("hdr_id", models.IntegerField(verbose_name="header")),
                ("hdr_key", models.CharField(max_length=100, verbose_name="name")),
                ("hdr_value", models.CharField(max_length=100, verbose_name="value")),
                (
                    "hdr_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "hdr_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "api_id", "hdr_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "API header",
                "verbose_name_plural": "API headers",
                "db_table": "ly_api_header",
            },
        ),
        migrations.CreateModel(
            name="ApiParameter",
            fields=[
                ("api_id", models.IntegerField(verbose_name="API")),
                ("map_id", models.IntegerField(verbose_name="parameter")),
                ("map_var", models.CharField(max_length=100, verbose_name="variable")),
                ("map_value", models.CharField(max_length=100, verbose_name="value")),
                (
                    "map_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "map_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "api_id", "map_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "API parameter",
                "verbose_name_plural": "API parameters",
                "db_table": "ly_api_params",
            },
        ),
        migrations.CreateModel(
            name="AlembicVersion",
            fields=[
                (
                    "version_num",
                    models.CharField(
                        max_length=32, primary_key=True, serialize=False, verbose_name="revision"
                    ),
                ),
            ],
            options={
                "verbose_name": "Alembic version",
                "verbose_name_plural": "Alembic versions",
                "db_table": "alembic_version",
            },
        ),
        migrations.CreateModel(
            name="Table",
            fields=[
                ("tbl_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="table")),
                (
                    "tbl_db_name",
                    models.CharField(
                        blank=True, max_length=50, null=True, verbose_name="table in the database"
                    ),
                ),
                ("tbl_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("tbl_query_id", models.IntegerField(blank=True, null=True, verbose_name="query")),
                ("tbl_editable", liberty.fields.YesNoField(blank=True, null=True, verbose_name="editable")),
                (
                    "tbl_uploadable",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="upload allowed"),
                ),
                (
                    "tbl_audit",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="changes recorded"),
                ),
                ("tbl_burst", liberty.fields.YesNoField(blank=True, null=True, verbose_name="burst")),
                (
                    "tbl_workbook",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="workbook"),
                ),
                ("tbl_sheet", models.CharField(blank=True, max_length=50, null=True, verbose_name="sheet")),
                ("tbl_ctx_id", models.IntegerField(blank=True, null=True, verbose_name="context menu")),
                ("tbl_tree_id", models.IntegerField(blank=True, null=True, verbose_name="tree")),
                ("tbl_frm_id", models.IntegerField(blank=True, null=True, verbose_name="form")),
                (
                    "tbl_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "tbl_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "tbl_auto_load",
                    liberty.fields.YesNoField(blank=True, null=True, verbose_name="rows loaded at once"),
                ),
            ],
            options={
                "verbose_name": "table",
                "verbose_name_plural": "tables",
                "db_table": "ly_tables",
            },
        ),
        migrations.CreateModel(
            name="TableColumn",
            fields=[
                ("tbl_id", models.IntegerField(verbose_name="table")),
                ("col_id", models.IntegerField(verbose_name="column")),
                ("col_seq", models.IntegerField(blank=True, null=True, verbose_name="position")),
                (
                    "col_dd_id",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="dictionary entry"),
                ),
                ("col_label", models.CharField(blank=True, max_length=100, null=True, verbose_name="label")),
                ("col_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                ("col_type", models.CharField(blank=True, max_length=20, null=True, verbose_name="type")),
                ("col_rules", models.CharField(blank=True, max_length=20, null=True, verbose_name="rule")),
                (
                    "col_rules_values",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="values of the rule"),
                ),
                (
                    "col_default",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="default"),
                ),
                ("col_visible", liberty.fields.YesNoField(blank=True, null=True, verbose_name="visible")),
                ("col_disabled", liberty.fields.YesNoField(blank=True, null=True, verbose_name="disabled")),
                ("col_required", liberty.fields.YesNoField(blank=True, null=True, verbose_name="required")),
                ("col_key", liberty.fields.YesNoField(blank=True, null=True, verbose_name="key")),
                (
                    "col_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "col_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("col_filter", liberty.fields.YesNoField(blank=True, null=True, verbose_name="filter shown")),
                ("col_cdn_id", models.IntegerField(blank=True, null=True, verbose_name="condition")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tbl_id", "col_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "table column",
                "verbose_name_plural": "table columns",
                "db_table": "ly_tbl_col",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("tbl_id",), name="ly_tbl_col_tables_fk", table="ly_tables"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TableColumnCondition",
            fields=[
                ("tbl_id", models.IntegerField(verbose_name="table")),
                ("col_id", models.IntegerField(verbose_name="column")),
                ("cdn_id", models.IntegerField(verbose_name="condition")),
                ("cdn_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                ("cdn_source", models.CharField(blank=True, max_length=50, null=True, verbose_name="source")),
                ("cdn_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                (
                    "cdn_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "cdn_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("cdn_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tbl_id",
                        "col_id",
                        "cdn_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "table column condition",
                "verbose_name_plural": "table column conditions",
                "db_table": "ly_tbl_col_cdn",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("tbl_id", "col_id"), name="ly_tbl_col_cdn_tbl_col_fk", table="ly_tbl_col"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TableFilter",
            fields=[
                ("tbl_id", models.IntegerField(verbose_name="table")),
                ("col_id", models.IntegerField(verbose_name="column")),
                ("flt_id", models.IntegerField(verbose_name="filter")),
                ("flt_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                ("flt_source", models.CharField(blank=True, max_length=50, null=True, verbose_name="source")),
                ("flt_target", models.CharField(blank=True, max_length=50, null=True, verbose_name="target")),
                (
                    "flt_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "flt_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("flt_value", models.CharField(blank=True, max_length=50, null=True, verbose_name="value")),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "tbl_id",
                        "col_id",
                        "flt_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "verbose_name": "table filter",
                "verbose_name_plural": "table filters",
                "db_table": "ly_tbl_filters",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("tbl_id", "col_id"), name="ly_tbl_filters_tbl_col_fk", table="ly_tbl_col"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Tree",
            fields=[
                ("tree_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="tree")),
                (
                    "tree_description",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="description"),
                ),
                ("tree_type", models.CharField(blank=True, max_length=10, null=True, verbose_name="type")),
                (
                    "tree_parent",
                    models.CharField(
                        blank=True, max_length=100, null=True, verbose_name="column of the parent"
                    ),
                ),
                (
                    "tree_child",
                    models.CharField(
                        blank=True, max_length=100, null=True, verbose_name="column of the child"
                    ),
                ),
                (
                    "tree_key",
                    models.CharField(blank=True, max_length=100, null=True, verbose_name="column of the key"),
                ),
                (
                    "tree_group",
                    models.CharField(
                        blank=True, max_length=100, null=True, verbose_name="column of the group"
                    ),
                ),
                (
                    "tree_label",
                    models.CharField(
                        blank=True, max_length=100, null=True, verbose_name="column of the label"
                    ),
                ),
                (
                    "tree_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "tree_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "tree",
                "verbose_name_plural": "trees",
                "db_table": "ly_tree",
            },
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("thm_id", models.IntegerField(primary_key=True, serialize=False, verbose_name="number")),
                ("thm_name", models.CharField(max_length=50, unique=True, verbose_name="name")),
                (
                    "thm_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "thm_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "theme",
                "verbose_name_plural": "themes",
                "db_table": "ly_themes",
            },
        ),
        migrations.CreateModel(
            name="ThemeColor",
            fields=[
                (
                    "thm",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="colors",
                        to="framework.theme",
                        verbose_name="theme",
                    ),
                ),
                ("tcl_id", models.IntegerField(verbose_name="number")),
                ("tcl_key", models.CharField(max_length=50, verbose_name="name")),
                ("tcl_light", models.CharField(max_length=100, verbose_name="light mode")),
                ("tcl_dark", models.CharField(max_length=100, verbose_name="dark mode")),
                (
                    "tcl_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "tcl_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "thm_id", "tcl_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "theme colour",
                "verbose_name_plural": "theme colours",
                "db_table": "ly_thm_colors",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("thm_id",), name="ly_thm_colors_themes_fk", table="ly_themes"
                    )
                ],
            },
        ),
    ]
