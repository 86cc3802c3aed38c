"""Admin pages of the audit: which tables are audited, and what has been collected of their changes."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.audit.models import AuditedTable, AuditEntry
from apps.audit.selectors import history
from apps.audit.services import Copy, copies_of
from apps.pools.catalogue import touch
from liberty.admin import FrameworkAdmin
from liberty.errors import LibertyError

if TYPE_CHECKING:  # generic in the stubs only
    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = ModelAdmin

# Changes that the page of a row shows.
HISTORY = 100


@admin.register(AuditedTable)
class AuditedTableAdmin(FrameworkAdmin, _ModelAdmin):
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
class AuditEntryAdmin(FrameworkAdmin, _ModelAdmin):
    """What was changed, read only; the page of an entry is the history of its row."""

    list_display = ("changed_at", "verb", "table", "row_key", "actor", "query", "pool")
    list_filter = ("pool", "table", "verb", "changed_at")
    search_fields = ("row_key", "actor", "request_id")
    search_help_text = "A key, a user or a request"
    date_hierarchy = "changed_at"
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

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
        context = {
            **self.admin_site.each_context(request),
            "title": f"{entry.table} {entry.row_key}",
            "opts": self.opts,
            "entry": entry,
            "changes": history(entry, limit=HISTORY),
            "copies": _copies_of(entry),
            "most": HISTORY,
        }
        return TemplateResponse(request, "admin/audit/history.html", context)


def _copies_of(entry: AuditEntry) -> list[Copy] | None:
    """Return the copies that clients have made of the row, or None where its pool cannot be asked."""
    try:
        return copies_of(entry.pool, entry.table, json.loads(entry.row_key), limit=HISTORY)
    except LibertyError:
        return None
