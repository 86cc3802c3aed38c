"""Admin pages of the audit: which tables are audited, and what has been collected of their changes."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode

from apps.audit.collecting import pending_entries
from apps.audit.forms import AuditedTableForm
from apps.audit.marks import audited_tables
from apps.audit.model_changes import row_key
from apps.audit.models import AuditedTable, AuditEntry
from apps.audit.selectors import history
from apps.audit.services import Copy, copies_of
from apps.pools.catalogue import touch
from liberty.admin import FrameworkAdmin, ReadOnlyAdmin
from liberty.errors import LibertyError, MalformedRequest

if TYPE_CHECKING:  # generic in the stubs only
    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = ModelAdmin

# Changes that the page of a row shows.
HISTORY = 100


@admin.register(AuditedTable)
class AuditedTableAdmin(FrameworkAdmin, _ModelAdmin):
    form = AuditedTableForm
    list_display = ("table", "pool")
    list_filter = ("pool",)
    search_fields = ("table",)
    ordering = ("pool", "table")
    list_per_page = 50

    def save_model(self, request: HttpRequest, obj: AuditedTable, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        touch(DEFAULT_DB_ALIAS)

    def delete_model(self, request: HttpRequest, obj: AuditedTable) -> None:
        super().delete_model(request, obj)
        touch(DEFAULT_DB_ALIAS)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[AuditedTable]) -> None:
        super().delete_queryset(request, queryset)
        touch(DEFAULT_DB_ALIAS)


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin, _ModelAdmin):
    """What was changed, read only; the page of an entry is the history of its row."""

    list_display = ("changed", "verb", "table", "row_key", "actor", "origin", "pool")
    list_display_links = ("changed", "row_key")
    list_filter = ("pool", "table", "verb", "changed_at")
    search_fields = ("row_key", "actor", "request_id")
    search_help_text = "A key, a user or a request"
    date_hierarchy = "changed_at"
    list_per_page = 50
    show_full_result_count = False

    def get_urls(self) -> list[Any]:
        row = path("row/", self.admin_site.admin_view(self.row_view), name="audit_auditentry_row")
        return [row, *super().get_urls()]

    @admin.display(description="changed at (UTC)", ordering="changed_at")
    def changed(self, entry: AuditEntry) -> str:
        return f"{entry.changed_at:%Y-%m-%d %H:%M:%S}"

    @admin.display(description="by way of", ordering="query")
    def origin(self, entry: AuditEntry) -> str:
        return entry.origin

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        queryset: QuerySet[AuditEntry] = super().get_queryset(request)
        # The list shows no values, which may be long.
        return queryset.defer("before", "after")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        entry = self.get_object(request, object_id)
        if entry is None:
            return super().change_view(request, object_id, form_url, extra_context)
        return self._history(request, entry.pool, entry.table, entry.row_key)

    def row_view(self, request: HttpRequest) -> HttpResponse:
        """Show the history of the row that the address names, whether or not anything has happened to it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pool, table, key = (request.GET.get(name, "") for name in ("pool", "table", "key"))
        if not (pool and table and isinstance(_object(key), dict)):
            raise Http404("The address names no row.")
        return self._history(request, pool, table, key)

    def _history(self, request: HttpRequest, pool: str, table: str, key: str) -> HttpResponse:
        pending = _pending(pool, table, key)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {table} {_shown_key(key)}",
            "opts": self.opts,
            "pool": pool,
            "table": table,
            "is_audited": table.lower() in audited_tables(pool),
            "is_asked": pending is not None,
            "changes": history(pool, table, key, limit=HISTORY, pending=pending or ()),
            "copies": _copies_of(pool, table, key),
            "most": HISTORY,
        }
        return TemplateResponse(request, "admin/audit/history.html", context)


def history_address(instance: Model) -> str:
    """Return the address of the history of a framework row of the default catalogue."""
    arguments = {"pool": DEFAULT_DB_ALIAS, "table": instance._meta.db_table, "key": row_key(instance)}
    return f"{reverse('admin:audit_auditentry_row')}?{urlencode(arguments)}"


def _pending(pool: str, table: str, key: str) -> list[AuditEntry] | None:
    """Return what the pool alone has of the row, or None where it cannot be asked."""
    try:
        return pending_entries(pool, table, key, limit=HISTORY)
    except LibertyError:
        return None


def _copies_of(pool: str, table: str, key: str) -> list[Copy] | None:
    """Return the copies that clients have made of the row, or None where its pool cannot be asked."""
    try:
        return copies_of(pool, table, _object(key), limit=HISTORY)
    except MalformedRequest:
        return []
    except LibertyError:
        return None


def _object(key: str) -> Any:
    try:
        return json.loads(key)
    except ValueError:
        return None


def _shown_key(key: str) -> str:
    return ", ".join(f"{name} {value}" for name, value in _object(key).items())
