"""Forms of the admin pages of pools and schema names."""

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import DEFAULT_DB_ALIAS

from apps.pools.models import Pool, SchemaName
from liberty.admin_forms import FrameworkForm, SecretForm, choices_with, set_choices

DATABASE_TYPES = [
    ("postgres", "PostgreSQL"),
    ("oracle", "Oracle"),
    ("mysql", "MySQL"),
    ("mariadb", "MariaDB"),
    ("sqlite", "SQLite"),
]

LARGEST_INTEGER = 2**31 - 1
"""What an `integer` column of the framework tables holds."""

# `/` and `:` make the aliases of other catalogues and of reading connections.
_plain_name = RegexValidator(r"^[\w.-]+$", "Use letters, digits, and the characters _ . and - only.")
_bounds = {
    "apps_pool_min": (0, 1000),
    "apps_pool_max": (1, 1000),
    "apps_port": (1, 65535),
    "apps_offset": (0, LARGEST_INTEGER),
    "apps_limit": (1, LARGEST_INTEGER),
}


def pool_choices(current: str | None = None) -> list[tuple[str, str]]:
    """Return the pools that something may name, and the one that it names now."""
    names = Pool.objects.exclude(apps_pool=None).order_by("apps_pool").values_list("apps_pool", flat=True)
    known = dict.fromkeys([DEFAULT_DB_ALIAS, *(name for name in names if name)])
    return choices_with([(name, name) for name in known], current)


class PoolForm(SecretForm):
    """A pool. What could never be opened is refused; whether it opens, the connection test tells."""

    secret_field = "apps_password"  # noqa: S105  # the name of a column
    apps_dbtype = forms.ChoiceField(label="Database type")

    class Meta:
        model = Pool
        exclude = ("apps_password",)
        labels: ClassVar[dict[str, str]] = {
            "apps_pool": "Pool name",
            "apps_name": "Application name",
            "apps_id": "Number",
        }
        help_texts: ClassVar[dict[str, str]] = {
            "apps_pool": "The name that callers and stored queries use.",
            "apps_database": "The name of the database or service; for SQLite the path of its file.",
            "apps_jdbc": "Kept for other programs; connections are made from host, port and database.",
            "apps_pool_min": "Connections that are kept open.",
            "apps_pool_max": "Connections at most; requests wait for a free one.",
            "apps_replace_null": "Write a blank where a caller writes nothing.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = [("", "---------"), *DATABASE_TYPES]
        set_choices(self, "apps_dbtype", choices_with(types, self.instance.apps_dbtype))
        for name in ("apps_pool", "apps_name"):
            if name in self.fields:
                self.fields[name].required = True
        for name, (least, most) in _bounds.items():
            if name in self.fields:
                self.fields[name].validators += [MinValueValidator(least), MaxValueValidator(most)]

    def clean_apps_pool(self) -> str:
        name: str = self.cleaned_data["apps_pool"]
        if "apps_pool" not in self.changed_data:
            return name
        _plain_name(name)
        if Pool.objects.filter(apps_pool=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("There is a pool of this name already.")
        return name

    def clean(self) -> dict[str, Any]:
        least, most = self.cleaned_data.get("apps_pool_min"), self.cleaned_data.get("apps_pool_max")
        if least is not None and most is not None and least > most:
            self.add_error("apps_pool_max", "This is less than the fewest connections.")
        is_ours = self.cleaned_data.get("apps_pool") == DEFAULT_DB_ALIAS
        if not is_ours and "apps_database" in self.cleaned_data and not self.cleaned_data["apps_database"]:
            self.add_error("apps_database", "Without a database the pool cannot be opened.")
        return super().clean()


class SchemaNameForm(FrameworkForm):
    sch_pool = forms.ChoiceField(label="Pool")

    class Meta:
        model = SchemaName
        fields = "__all__"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "sch_pool", pool_choices(self.instance.sch_pool))
        for name in ("sch_name", "sch_target"):
            if name in self.fields:
                self.fields[name].required = True
