"""The admin page of the servers' log: the entries that `GET /api/logs` lists, to look at."""

import json
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.framework import logs
from apps.framework.log_arguments import read_id, read_page
from apps.framework.logs import Found
from apps.framework.models import LogEntry
from liberty.admin import ReadOnlyAdmin
from liberty.errors import InvalidArgument, MalformedRequest, UnknownLogEntry

if TYPE_CHECKING:  # generic in the stubs only
    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = ModelAdmin

FILTERS = ("level", "from", "to", "text")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin, _ModelAdmin):
    """What clients have reported and servers have answered; nobody writes here."""

    menu_name = "Logs"

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found, faults, page = Found([], has_more=False), [], 1
        try:
            wanted = read_page(request.GET)
            page = wanted.page
            found = logs.find_entries(wanted.filter, limit=wanted.limit, offset=wanted.offset)
        except InvalidArgument as refusal:
            faults = [f"{fault.location[-1]}: {fault.message}" for fault in refusal.faults]
        context = {
            **self.admin_site.each_context(request),
            "title": self.menu_name,
            "opts": self.opts,
            "found": found,
            "faults": faults,
            "levels": LEVELS,
            "filters": {name: request.GET.get(name, "") for name in FILTERS},
            "since": request.GET.get("from", ""),
            "is_filtered": any(request.GET.get(name) for name in FILTERS),
            "page": page,
            "older": _address(request, page + 1) if found.has_more else "",
            "newer": _address(request, page - 1) if page > 1 else "",
        }
        return TemplateResponse(request, "admin/framework/logs.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            entry = logs.entry_by_id(read_id({"id": object_id}) or 0)
        except (MalformedRequest, UnknownLogEntry):
            raise Http404("There is no such log entry.") from None
        context = {
            **self.admin_site.each_context(request),
            "title": f"Log entry {entry['id']}",
            "list_title": self.menu_name,
            "opts": self.opts,
            "members": {name: _shown(value) for name, value in entry.items()},
        }
        return TemplateResponse(request, "admin/framework/log_entry.html", context)


def _shown(value: Any) -> str:
    """Return a text as it is, and anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)


def _address(request: HttpRequest, page: int) -> str:
    arguments = request.GET.copy()
    arguments["page"] = str(page)
    return f"?{arguments.urlencode()}"
