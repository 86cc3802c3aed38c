"""Admin pages of stored queries, and of imported framework queries."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from apps.pools.catalogue_admin import CatalogueAdmin
from apps.queries import outbound_admin  # noqa: F401  # registers the pages of stored calls
from apps.queries.definitions import GENERIC
from apps.queries.forms import (
    VERBS,
    FrameworkSqlForm,
    FrameworkSwitchForm,
    QueryForm,
    QuerySqlForm,
    sql_pools,
    usual_pool,
)
from apps.queries.marks import public_queries, set_public
from apps.queries.models import DefinitionPolicy, FrameworkQuery, FrameworkSwitch, Query, QuerySql
from apps.queries.selectors import imported_framework_queries, marks_of
from liberty.admin_rows import RowInline


class SqlInline(RowInline):
    """Blocks with the SQL per verb and database type."""

    template = "admin/rows/blocks.html"
    verbose_name = "SQL"
    verbose_name_plural = "SQL per verb and database type"
    sql_field = ""
    form: Any

    @property
    def row_order(self) -> Sequence[Any]:  # type: ignore[override]
        """The verbs in the order that callers know, the generic SQL of each first."""
        verb, dbtype = self.key_fields
        return [_position(verb, VERBS), _position(dbtype, [GENERIC]), dbtype]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        pools = sql_pools()
        formset.form.pools = pools
        formset.form.usual_pool = usual_pool(self._named_pools(obj), pools)
        return formset

    def _named_pools(self, obj: Any) -> set[str]:
        """Return the pools that the SQL of a query names; one that is not stored yet has none."""
        if obj is None:
            return set()
        rows = self.model._default_manager.filter(**{self.parent_field: obj.pk})
        return set(rows.values_list(f"{self.form.prefix_of_columns}pool", flat=True))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name == self.sql_field:
            field.widget.attrs |= {"class": "code", "rows": 12, "spellcheck": "false"}
        return field


def _position(field: str, values: Sequence[str]) -> Case:
    """Return the place of a field's value among `values`, for ordering; others come after them."""
    places = [When(**{field: value}, then=Value(place)) for place, value in enumerate(values)]
    return Case(*places, default=Value(len(values)), output_field=IntegerField())


class SqlOfQuery(SqlInline):
    model = QuerySql
    form = QuerySqlForm
    parent_field = "query_id"
    key_fields = ("query_crud", "query_dbtype")
    sql_field = "query_sqlquery"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("query_crud", "query_dbtype", "query_pool"),
                    "query_sqlquery",
                    "query_orderby",
                    ("query_audit_user", "query_audit_date"),
                )
            },
        ),
    )


class PublicFilter(admin.SimpleListFilter):
    title = "public"
    parameter_name = "public"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(is_public=self.value() == "yes")


@admin.register(Query)
class QueryAdmin(CatalogueAdmin):
    form = QueryForm
    actions = ("make_public", "make_not_public")
    list_display = ("query_id", "query_label", "query_type", "verbs", "database_types", "is_public")
    list_display_links = ("query_id", "query_label")
    list_filter = ("query_type", PublicFilter, "sql__query_crud", "sql__query_dbtype", "sql__query_pool")
    search_fields = ("^query_id", "query_label", "sql__query_sqlquery")
    search_help_text = "Number, label, or a word of the SQL"
    ordering = ("query_id",)
    inlines = (SqlOfQuery,)
    fieldsets = (
        (None, {"fields": ("query_id", "query_label", "query_type")}),
        ("Allowed", {"fields": ("public", "unconditional")}),
        ("Last change", {"fields": (("query_audit_user", "query_audit_date"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Query]:
        marks = DefinitionPolicy.objects.filter(catalogue=DEFAULT_DB_ALIAS, query_id=OuterRef("query_id"))
        queryset: QuerySet[Query] = super().get_queryset(request)
        # The list needs no SQL text, which may be long.
        variants = Prefetch("sql", QuerySql.objects.defer("query_sqlquery"))
        return queryset.annotate(is_public=Exists(marks.filter(crud="GET", public=True))).prefetch_related(
            variants
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        form.save_marks()
        super().save_related(request, form, formsets, change)

    def delete_model(self, request: HttpRequest, obj: Query) -> None:
        self.delete_queryset(request, Query.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Query]) -> None:
        """Delete queries with their marks: a new one of the same number must not be public by itself."""
        numbers = [query.pk for query in queryset]
        with transaction.atomic():
            DefinitionPolicy.objects.filter(catalogue=DEFAULT_DB_ALIAS, query_id__in=numbers).delete()
            super().delete_queryset(request, Query.objects.filter(pk__in=numbers))

    @admin.action(description="Make public", permissions=["change"])
    def make_public(self, request: HttpRequest, queryset: QuerySet[Query]) -> HttpResponse | None:
        return self._mark_public(request, queryset, is_public=True)

    @admin.action(description="Make not public", permissions=["change"])
    def make_not_public(self, request: HttpRequest, queryset: QuerySet[Query]) -> HttpResponse | None:
        return self._mark_public(request, queryset, is_public=False)

    def _mark_public(
        self, request: HttpRequest, queryset: QuerySet[Query], *, is_public: bool
    ) -> HttpResponse | None:
        """Ask first which queries it would change; then change them, and note each in its history."""
        chosen = {query.pk: query for query in queryset}
        if request.POST.get("post"):
            self._note_public(request, chosen, set_public(chosen, is_public=is_public), is_public=is_public)
            return None
        public = public_queries(chosen)
        context = {
            **self.admin_site.each_context(request),
            "title": "Make public" if is_public else "Make not public",
            "opts": self.opts,
            "action": request.POST["action"],
            "is_public": is_public,
            "chosen": list(chosen),
            "changed": [query for number, query in chosen.items() if (number in public) is not is_public],
        }
        return TemplateResponse(request, "admin/queries/make_public.html", context)

    def _note_public(
        self, request: HttpRequest, chosen: Mapping[int, Query], changed: Collection[int], *, is_public: bool
    ) -> None:
        word = "public" if is_public else "not public"
        for number in sorted(changed):
            self.log_change(request, chosen[number], f"Made {word}.")
        others = len(chosen) - len(changed)
        text = f"Made {word}: {len(changed)}. Already {word}: {others}."
        self.message_user(request, text, messages.SUCCESS)

    # Shown to those who may only look, in the place of the form's fields.

    @admin.display(description="public", boolean=True)
    def public(self, query: Query) -> bool:
        return marks_of(query).public

    @admin.display(description="without condition")
    def unconditional(self, query: Query) -> str:
        return ", ".join(marks_of(query).unconditional) or "-"

    @admin.display(description="verbs")
    def verbs(self, query: Query) -> str:
        stored = {variant.query_crud for variant in query.sql.all()}
        return " ".join(verb for verb in VERBS if verb in stored)

    @admin.display(description="databases")
    def database_types(self, query: Query) -> str:
        return ", ".join(sorted({variant.query_dbtype for variant in query.sql.all()}))

    @admin.display(description="public", boolean=True, ordering="is_public")
    def is_public(self, query: Any) -> bool:
        return bool(query.is_public)


class SqlOfFrameworkQuery(SqlInline):
    model = FrameworkQuery
    form = FrameworkSqlForm
    parent_field = "fmw_id"
    key_fields = ("fmw_crud", "fmw_dbtype")
    sql_field = "fmw_sqlquery"
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("fmw_crud", "fmw_dbtype", "fmw_pool"),
                    "fmw_description",
                    "fmw_sqlquery",
                    "fmw_orderby",
                    ("fmw_audit_user", "fmw_audit_date"),
                )
            },
        ),
    )


@admin.register(FrameworkSwitch)
class FrameworkQueryAdmin(CatalogueAdmin):
    """The imported framework queries by number.

    Their rows have no parent table, so the switch of a number stands for one: stored where the imported
    SQL answers, and made up for the page where our own does.
    """

    menu_name = "Imported framework queries"
    form = FrameworkSwitchForm
    inlines = (SqlOfFrameworkQuery,)
    fieldsets = ((None, {"fields": ("fmw_id", "is_imported")}),)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        switch = super().get_object(request, object_id, from_field)
        if switch is not None:
            return switch
        try:
            number = FrameworkSwitch._meta.pk.to_python(object_id)
        except ValidationError:
            return None
        return (
            FrameworkSwitch(fmw_id=number) if FrameworkQuery.objects.filter(fmw_id=number).exists() else None
        )

    @admin.display(description="use the imported SQL", boolean=True)
    def is_imported(self, switch: FrameworkSwitch) -> bool:
        """Shown to those who may only look, in the place of the form's field."""
        return not switch._state.adding

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        wanted = request.GET.get("q", "").strip()
        context = {
            **self.admin_site.each_context(request),
            "title": self.menu_name,
            "opts": self.opts,
            "wanted": wanted,
            "queries": imported_framework_queries(wanted),
        }
        return TemplateResponse(request, "admin/queries/framework_queries.html", context)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context |= {"title": "Imported framework query", "list_title": self.menu_name}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.wants_imported:
            FrameworkSwitch.objects.get_or_create(fmw_id=obj.fmw_id)
        else:
            FrameworkSwitch.objects.filter(fmw_id=obj.fmw_id).delete()
