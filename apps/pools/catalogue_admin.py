"""The base of admin pages over framework tables of the default catalogue."""

import logging
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db import DEFAULT_DB_ALIAS, DatabaseError, IntegrityError, models
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apps.pools.catalogue import touch
from liberty.admin import FrameworkAdmin
from liberty.admin_forms import FrameworkForm, audit_fields, stamp
from liberty.admin_rows import RowFormSet

if TYPE_CHECKING:  # generic in the stubs only
    _ModelAdmin = ModelAdmin[Any]
else:
    _ModelAdmin = ModelAdmin

logger = logging.getLogger("liberty.admin")

OVERTAKEN = "Someone else has changed this at the same moment, so nothing was saved. Please try again."


class CatalogueAdmin(FrameworkAdmin, _ModelAdmin):
    """Pages of one framework table and the rows below it.

    Saving is one transaction (Django's admin view opens it), fills the audit columns, and tells every
    process that the catalogue has changed. The key of a stored row is shown and never changed.
    """

    form: Any = FrameworkForm
    list_per_page = 50

    write_only: ClassVar[Collection[str]] = ()
    """Fields that show nothing to those who may only look."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return fieldsets
        return [(title, options | {"fields": self._shown(options["fields"])}) for title, options in fieldsets]

    def _shown(self, fields: Any) -> list[Any]:
        return [field for field in fields if field not in self.write_only]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        key = [self.opts.pk.name] if obj is not None else []
        return [*super().get_readonly_fields(request, obj), *key, *audit_fields(self.model)]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the next free number where rows are numbered."""
        initial = super().get_changeform_initial_data(request)
        key = self.opts.pk
        if isinstance(key, models.IntegerField):
            highest = self.model._default_manager.aggregate(highest=Max(key.name))["highest"]
            initial.setdefault(key.name, str((highest or 0) + 1))
        return initial

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DatabaseError as exc:
            if not _is_overtaken(exc):
                raise
            logger.warning("the database refused what an administrator saved", exc_info=True)
            self.message_user(request, OVERTAKEN, messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change and not form.has_changed():
            return
        stamp(obj, str(request.user.pk))
        obj.save(force_insert=not change, force_update=change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        assert isinstance(formset, RowFormSet)  # noqa: S101  # every page has rows of this kind only
        formset.save(changed_by=str(request.user.pk))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        touch(DEFAULT_DB_ALIAS)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        touch(DEFAULT_DB_ALIAS)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        touch(DEFAULT_DB_ALIAS)


def _is_overtaken(exc: DatabaseError) -> bool:
    """Whether the database has found what no form could know: the key is new, or the row is gone.

    Where a row to be changed is gone, Django raises the plain class.
    """
    return isinstance(exc, IntegrityError) or type(exc) is DatabaseError
