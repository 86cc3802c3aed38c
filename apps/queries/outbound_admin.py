"""Admin pages of stored calls and of the services that they go to.

They stand here and not beside the models, because they check by the rules that calls are made by.
"""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from apps.framework.models import Api, ApiConnection, ApiHeader, ApiParameter
from apps.pools.catalogue_admin import CatalogueAdmin
from apps.queries.outbound_forms import ApiConnectionForm, ApiForm, ApiHeaderForm
from liberty.admin_forms import secret_state, shown_secret
from liberty.admin_rows import RowInline


class AddressAdmin(CatalogueAdmin):
    """The page of an address with a password, which is set and removed and never shown."""

    readonly_fields = ("shown_password",)
    write_only = ("new_secret", "remove_secret")

    @admin.display(description="password")
    def password_state(self, row: Any) -> str:
        return secret_state(self._password(row)).value

    @admin.display(description="password")
    def shown_password(self, row: Any) -> str:
        return shown_secret(self._password(row), without="the service is called without one.")

    def _password(self, row: Any) -> str | None:
        stored: str | None = getattr(row, self.form.secret_field)
        return stored

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name.endswith("_url"):
            field.widget.attrs["class"] = "vURLField"
        if field and db_field.name == "api_body":
            field.widget.attrs |= {"class": "code", "rows": 8, "spellcheck": "false"}
        return field


@admin.register(ApiConnection)
class ApiConnectionAdmin(AddressAdmin):
    form = ApiConnectionForm
    list_display = ("conn_id", "conn_label", "conn_url", "conn_user", "password_state")
    list_display_links = ("conn_id", "conn_label")
    search_fields = ("^conn_id", "conn_label", "conn_url")
    ordering = ("conn_id",)
    fieldsets = (
        (None, {"fields": ("conn_id", "conn_label", "conn_url", "conn_user")}),
        ("Password", {"fields": ("shown_password", "new_secret", "remove_secret")}),
        ("Last change", {"fields": (("conn_audit_user", "conn_audit_date"),)}),
    )


class HeadersOfApi(RowInline):
    model = ApiHeader
    form = ApiHeaderForm
    verbose_name = "header"
    verbose_name_plural = "headers"
    fields = ("hdr_id", "hdr_key", "hdr_value")
    parent_field = "api_id"
    key_fields = ("hdr_id",)
    numbered_field = "hdr_id"


@admin.register(Api)
class ApiAdmin(AddressAdmin):
    form = ApiForm
    list_display = ("api_id", "api_label", "api_source", "api_method", "api_url", "password_state")
    list_display_links = ("api_id", "api_label")
    list_filter = ("api_source", "api_method")
    search_fields = ("^api_id", "api_label", "api_url")
    ordering = ("api_id",)
    inlines = (HeadersOfApi,)
    fieldsets = (
        (None, {"fields": ("api_id", "api_label")}),
        ("Call", {"fields": (("api_source", "api_method"), "api_conn_id", "api_url", "api_body")}),
        ("Password", {"fields": ("api_user", "shown_password", "new_secret", "remove_secret")}),
        ("Last change", {"fields": (("api_audit_user", "api_audit_date"),)}),
    )

    def delete_model(self, request: HttpRequest, obj: Api) -> None:
        self.delete_queryset(request, Api.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Api]) -> None:
        """Delete APIs with the rows below them: a new one of the same number must not send old headers."""
        numbers = list(queryset.values_list("api_id", flat=True))
        ApiHeader.objects.filter(api_id__in=numbers).delete()
        ApiParameter.objects.filter(api_id__in=numbers).delete()
        super().delete_queryset(request, queryset)
