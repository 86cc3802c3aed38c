"""Users, roles and rights. The user model is there before anything refers to it.

The order of operations is that of the foreign keys in the database, and the order of fields is that of the
columns: stored SQL inserts by position. `makemigrations` would put relations last.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import liberty.constraints
import liberty.fields


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "usr_id",
                    models.CharField(
                        max_length=100, primary_key=True, serialize=False, verbose_name="user id"
                    ),
                ),
                (
                    "password",
                    models.TextField(
                        blank=True, db_column="usr_password", null=True, verbose_name="password"
                    ),
                ),
                ("usr_name", models.CharField(blank=True, max_length=255, null=True, verbose_name="name")),
                ("usr_email", models.CharField(blank=True, max_length=255, null=True, verbose_name="e-mail")),
                ("usr_status", liberty.fields.YesNoField(blank=True, null=True, verbose_name="enabled")),
                ("usr_admin", liberty.fields.YesNoField(blank=True, null=True, verbose_name="administrator")),
                (
                    "usr_language",
                    models.CharField(blank=True, max_length=3, null=True, verbose_name="language"),
                ),
                ("usr_mode", models.CharField(blank=True, max_length=10, null=True, verbose_name="mode")),
                ("usr_readonly", liberty.fields.YesNoField(blank=True, null=True, verbose_name="read only")),
                (
                    "usr_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "usr_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                ("usr_dashboard", models.IntegerField(blank=True, null=True, verbose_name="dashboard")),
                ("usr_theme", models.CharField(blank=True, max_length=20, null=True, verbose_name="theme")),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "db_table": "ly_users",
            },
        ),
        migrations.CreateModel(
            name="UserState",
            fields=[
                (
                    "usr_id",
                    models.CharField(
                        max_length=100, primary_key=True, serialize=False, verbose_name="user id"
                    ),
                ),
                ("last_sign_in", models.DateTimeField(blank=True, null=True, verbose_name="last sign-in")),
                (
                    "must_change_password",
                    models.BooleanField(default=False, verbose_name="must change the password"),
                ),
            ],
            options={
                "verbose_name": "state of a user",
                "verbose_name_plural": "states of users",
                "db_table": "liberty_user_state",
            },
        ),
        migrations.CreateModel(
            name="Role",
            fields=[
                (
                    "rol_id",
                    models.CharField(max_length=30, primary_key=True, serialize=False, verbose_name="role"),
                ),
                ("rol_name", models.CharField(blank=True, max_length=255, null=True, verbose_name="name")),
                (
                    "rol_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "rol_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
                "db_table": "ly_roles",
            },
        ),
        migrations.CreateModel(
            name="RoleRight",
            fields=[
                (
                    "rol",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rights",
                        to="accounts.role",
                        verbose_name="role",
                    ),
                ),
                ("aut_id", models.IntegerField(verbose_name="right")),
                (
                    "aut_component",
                    models.CharField(blank=True, max_length=40, null=True, verbose_name="component"),
                ),
                (
                    "aut_component_id",
                    models.IntegerField(blank=True, null=True, verbose_name="number of the component"),
                ),
                (
                    "aut_dd_id",
                    models.CharField(blank=True, max_length=50, null=True, verbose_name="dictionary entry"),
                ),
                (
                    "aut_menu_seq_ukid",
                    models.CharField(blank=True, max_length=150, null=True, verbose_name="menu"),
                ),
                ("aut_run", liberty.fields.YesNoField(blank=True, null=True, verbose_name="may run")),
                ("aut_add", liberty.fields.YesNoField(blank=True, null=True, verbose_name="may add")),
                ("aut_chg", liberty.fields.YesNoField(blank=True, null=True, verbose_name="may change")),
                ("aut_del", liberty.fields.YesNoField(blank=True, null=True, verbose_name="may delete")),
                (
                    "aut_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "aut_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "rol_id", "aut_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "role right",
                "verbose_name_plural": "role rights",
                "db_table": "ly_rol_auth",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("rol_id",), name="ly_rol_auth_roles_fk", table="ly_roles"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "usr",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
                (
                    "rol",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="accounts.role",
                        verbose_name="role",
                    ),
                ),
                (
                    "rlu_audit_user",
                    models.CharField(blank=True, max_length=30, null=True, verbose_name="changed by"),
                ),
                (
                    "rlu_audit_date",
                    liberty.fields.TimestampField(blank=True, null=True, verbose_name="changed at"),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "usr_id", "rol_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "db_table": "ly_usr_roles",
                "constraints": [
                    liberty.constraints.Cascade(
                        columns=("usr_id",), name="ly_usr_roles_users_fk", table="ly_users"
                    ),
                    liberty.constraints.Cascade(
                        columns=("rol_id",), name="ly_usr_roles_roles_fk", table="ly_roles"
                    ),
                ],
            },
        ),
    ]
