"""Admin pages of pools and schema names."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.pools.catalogue_admin import CatalogueAdmin
from apps.pools.forms import PoolForm, SchemaNameForm
from apps.pools.models import Pool, SchemaName
from apps.pools.services import check
from liberty.admin_forms import secret_state, shown_secret
from liberty.errors import LibertyError


@admin.register(Pool)
class PoolAdmin(CatalogueAdmin):
    form = PoolForm
    list_display = ("apps_pool", "apps_name", "apps_dbtype", "place", "password_state")
    list_display_links = ("apps_pool", "apps_name")
    list_filter = ("apps_dbtype", "apps_type")
    search_fields = ("apps_pool", "apps_name", "apps_description", "apps_host", "apps_database")
    ordering = ("apps_pool", "apps_id")
    actions = ("test_connection",)
    readonly_fields = ("shown_password",)
    write_only = ("new_secret", "remove_secret")
    fieldsets = (
        (None, {"fields": ("apps_id", "apps_pool", "apps_name", "apps_description")}),
        (
            "Database",
            {
                "fields": (
                    "apps_dbtype",
                    ("apps_host", "apps_port"),
                    "apps_database",
                    "apps_jdbc",
                    "apps_user",
                )
            },
        ),
        ("Password", {"fields": ("shown_password", "new_secret", "remove_secret")}),
        ("Connections", {"fields": (("apps_pool_min", "apps_pool_max"),)}),
        (
            "Client",
            {
                "fields": (
                    ("apps_offset", "apps_limit"),
                    "apps_replace_null",
                    "apps_type",
                    "apps_version",
                    "apps_dashboard",
                    "apps_theme",
                )
            },
        ),
        ("Last change", {"fields": (("apps_audit_user", "apps_audit_date"),)}),
    )

    @admin.display(description="password")
    def password_state(self, pool: Pool) -> str:
        return secret_state(pool.apps_password).value

    @admin.display(description="password")
    def shown_password(self, pool: Pool) -> str:
        return shown_secret(pool.apps_password, without="the database is asked without one.")

    @admin.display(description="database", ordering="apps_database")
    def place(self, pool: Pool) -> str:
        """Where the database is: `host:port/database`, or the file of SQLite."""
        port = f":{pool.apps_port}" if pool.apps_port else ""
        server = f"{pool.apps_host}{port}/" if pool.apps_host else ""
        return f"{server}{pool.apps_database or ''}" or "-"

    @admin.action(description="Test the connection", permissions=["change"])
    def test_connection(self, request: HttpRequest, queryset: QuerySet[Pool]) -> None:
        """Ask the database behind each chosen pool for its time, and say what came of it."""
        for pool in queryset:
            text, level = _answer_of(pool)
            self.message_user(request, text, level)


def _answer_of(pool: Pool) -> tuple[str, int]:
    name = pool.apps_pool or ""
    try:
        now = check(name)
    except LibertyError as exc:
        return f"`{name}`: {exc.message}", messages.ERROR
    return f"`{name}`: connected. The time of its database is {now}.", messages.SUCCESS


@admin.register(SchemaName)
class SchemaNameAdmin(CatalogueAdmin):
    form = SchemaNameForm
    list_display = ("sch_name", "sch_pool", "sch_target", "sch_audit_user", "sch_audit_date")
    list_filter = ("sch_pool",)
    search_fields = ("sch_name", "sch_pool", "sch_target")
    ordering = ("sch_pool", "sch_name")
    fieldsets = (
        (
            None,
            {
                "fields": ("sch_id", "sch_pool", "sch_name", "sch_target"),
                "description": "What <code>#SCHEMA.NAME#</code> stands for in the stored SQL of a pool.",
            },
        ),
        ("Last change", {"fields": (("sch_audit_user", "sch_audit_date"),)}),
    )
