"""Admin pages of the languages, the dictionary, modules and themes."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.framework import log_admin  # noqa: F401  # registers the page of the log
from apps.framework.forms import (
    ColorInput,
    DictionaryForm,
    DictionaryLabelForm,
    language_choices,
)
from apps.framework.models import Dictionary, DictionaryLabel, Language, Module, Theme, ThemeColor
from apps.pools.catalogue_admin import CatalogueAdmin
from liberty.admin import flag_column
from liberty.admin_rows import RowInline


@admin.register(Language)
class LanguageAdmin(CatalogueAdmin):
    list_display = ("lng_id", "lng_name", "lng_audit_user", "lng_audit_date")
    list_display_links = ("lng_id", "lng_name")
    search_fields = ("lng_id", "lng_name")
    ordering = ("lng_id",)
    fieldsets = (
        (None, {"fields": ("lng_id", "lng_name")}),
        ("Last change", {"fields": (("lng_audit_user", "lng_audit_date"),)}),
    )


class LabelsOfEntry(RowInline):
    model = DictionaryLabel
    form = DictionaryLabelForm
    verbose_name = "label"
    verbose_name_plural = "labels"
    fields = ("lng_id", "lng_label", "lng_audit_user", "lng_audit_date")
    parent_field = "dd_id"
    key_fields = ("lng_id",)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.languages = language_choices()
        return formset


@admin.register(Dictionary)
class DictionaryAdmin(CatalogueAdmin):
    list_display = ("dd_id", "dd_label", "dd_type", "dd_rules", "dd_rules_values")
    list_display_links = ("dd_id", "dd_label")
    list_filter = ("dd_type", "dd_rules")
    search_fields = ("dd_id", "dd_label", "labels__lng_label")
    ordering = ("dd_id",)
    form = DictionaryForm
    inlines = (LabelsOfEntry,)
    fieldsets = (
        (None, {"fields": ("dd_id", "dd_label", "dd_type")}),
        ("Rule", {"fields": ("dd_rules", "dd_rules_values", "dd_default")}),
        ("Last change", {"fields": (("dd_audit_user", "dd_audit_date"),)}),
    )


@admin.register(Module)
class ModuleAdmin(CatalogueAdmin):
    list_display = ("module_id", "module_description", flag_column("module_enabled", "enabled"))
    list_display_links = ("module_id", "module_description")
    list_filter = ("module_enabled",)
    search_fields = ("module_id", "module_description")
    ordering = ("module_id",)
    fieldsets = (
        (None, {"fields": ("module_id", "module_description", "module_enabled", "module_params")}),
        ("Last change", {"fields": (("module_audit_user", "module_audit_date"),)}),
    )


class ColorsOfTheme(RowInline):
    model = ThemeColor
    verbose_name = "colour"
    verbose_name_plural = "colours"
    fields = ("tcl_id", "tcl_key", "tcl_light", "tcl_dark")
    parent_field = "thm_id"
    key_fields = ("tcl_id",)
    numbered_field = "tcl_id"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in ("tcl_light", "tcl_dark"):
            kwargs["widget"] = ColorInput(attrs={"size": 30})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Theme)
class ThemeAdmin(CatalogueAdmin):
    list_display = ("thm_id", "thm_name", "thm_audit_user", "thm_audit_date")
    list_display_links = ("thm_id", "thm_name")
    search_fields = ("thm_name",)
    ordering = ("thm_name",)
    inlines = (ColorsOfTheme,)
    fieldsets = (
        (None, {"fields": ("thm_id", "thm_name")}),
        ("Last change", {"fields": (("thm_audit_user", "thm_audit_date"),)}),
    )
