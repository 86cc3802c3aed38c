"""Forms of the admin pages of the audit."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.audit.marks import table_to_audit
from apps.audit.models import AuditedTable
from apps.pools.forms import pool_choices
from liberty.errors import LibertyError, MalformedRequest


class PoolInput(forms.TextInput):
    """A text, with the pools of the default catalogue to choose from."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        field = super().render(name, value, {**(attrs or {}), "list": "pools"}, renderer)
        options = format_html_join("", '<option value="{}">', ((pool,) for pool, _ in pool_choices()))
        return format_html('{}<datalist id="pools">{}</datalist>', field, options)


if TYPE_CHECKING:  # generic in the stubs only
    _ModelForm = forms.ModelForm[AuditedTable]
else:
    _ModelForm = forms.ModelForm


class AuditedTableForm(_ModelForm):
    """A mark on a table that is there and can be audited; its name is kept as the database has it."""

    class Meta:
        model = AuditedTable
        fields = ("pool", "table")
        widgets: ClassVar[dict[str, Any]] = {"pool": PoolInput(attrs={"class": "vTextField"})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "pool" in cleaned and "table" in cleaned:
            try:
                cleaned["table"] = table_to_audit(cleaned["pool"], cleaned["table"]).name
            except MalformedRequest as refusal:
                self.add_error("table", ValidationError(refusal.message))
            except LibertyError as refusal:
                self.add_error("pool", ValidationError(refusal.message))
        return cleaned
