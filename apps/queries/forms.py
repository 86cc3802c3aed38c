"""Forms of the admin pages of stored queries."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.db import DEFAULT_DB_ALIAS
from django.utils.text import capfirst

from apps.pools.forms import DATABASE_TYPES, pool_choices
from apps.queries.checking import check_order, check_sql, dialects_of
from apps.queries.definitions import GENERIC, SESSION
from apps.queries.models import DefinitionPolicy, FrameworkQuery, FrameworkSwitch, Query, QuerySql
from apps.queries.selectors import marks_of
from liberty.admin_forms import Choices, FrameworkForm, choices_with, set_choices
from liberty.admin_rows import RowForm
from liberty.errors import InvalidDefinition

VERBS = ("GET", "POST", "PUT", "DELETE")
READ = "GET"
WRITES = ("POST", "PUT", "DELETE")
QUERY_TYPES = [("CRUD", "CRUD"), ("LOOKUP", "LOOKUP"), ("SEQUENCE", "SEQUENCE")]

_verb_choices = [
    ("GET", "GET (read)"),
    ("POST", "POST (insert)"),
    ("PUT", "PUT (update)"),
    ("DELETE", "DELETE (delete)"),
]
_type_choices = [(GENERIC, "Every database (generic)"), *DATABASE_TYPES]
_POOL_HELP = (
    "Where it runs: the pool that has the tables. SESSION is the pool that a call names, and the framework "
    "database if it names none; it is for SQL on framework tables."
)
_no_pool = ("", "---------")
_session_pool = (SESSION, "SESSION (the pool of the request)")


class QueryForm(FrameworkForm):
    """A stored query with its marks, which live in a table of their own."""

    query_type = forms.ChoiceField(label="Type")
    public = forms.BooleanField(
        label="Public",
        required=False,
        help_text="Every signed-in user may read it (GET). Without this mark only administrators run it.",
    )
    unconditional = forms.MultipleChoiceField(
        label="Without condition",
        required=False,
        choices=[(verb, verb) for verb in WRITES],
        widget=forms.CheckboxSelectMultiple,
        help_text="With these verbs it may update or delete every row of a table.",
    )

    class Meta:
        model = Query
        fields = "__all__"
        help_texts: ClassVar[dict[str, str]] = {"query_id": "Clients call the query by this number."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "query_type", choices_with(QUERY_TYPES, self.instance.query_type))
        if not self.instance._state.adding:
            marks = marks_of(self.instance)
            self.initial["public"] = marks.public
            self.initial["unconditional"] = marks.unconditional

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        unconditional = cleaned.get("unconditional", ())
        self._marks: dict[str, dict[str, bool]] = {
            verb: {"allow_unconditional": verb in unconditional} for verb in WRITES
        }
        self._marks[READ] = {"public": bool(cleaned.get("public"))}
        return super().clean()

    def save_marks(self) -> None:
        """Store the marks of the query, which has been saved; a verb without any has no row."""
        for verb, marks in self._marks.items():
            key = {"catalogue": DEFAULT_DB_ALIAS, "query_id": self.instance.pk, "crud": verb}
            if any(marks.values()):
                DefinitionPolicy.objects.update_or_create(**key, defaults=marks)
            else:
                DefinitionPolicy.objects.filter(**key).delete()


class SqlRowForm(RowForm):
    """The SQL for one verb and database type; the subclass says what the columns are called."""

    prefix_of_columns = ""
    pools: ClassVar[Choices] = []
    """Choices; set once for a page, so that its rows do not each ask for them."""
    usual_pool: ClassVar[str] = ""
    """The pool that a new row is for if nothing else is chosen; set with `pools`."""

    def set_up(self) -> None:
        self._choose("dbtype", _type_choices)
        self._choose("crud", _verb_choices)
        self._choose("pool", [*([] if self.is_stored else [_no_pool]), _session_pool, *self.pools])
        if not self.is_stored:
            self.initial[f"{self.prefix_of_columns}pool"] = self.usual_pool

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._are_changed("sqlquery", "pool"):
            self._check("sqlquery", partial(check_sql, verb=self._value("crud")))
        if self._are_changed("orderby", "pool"):
            self._check("orderby", check_order)
        return cleaned

    @property
    def heading(self) -> str:
        """What a stored row is called on the page."""
        dbtype = self._stored("dbtype")
        return f"{self._stored('crud')} · {dict(_type_choices).get(dbtype, dbtype)}"

    def _are_changed(self, *columns: str) -> bool:
        """Whether something was entered in one of the columns: what was imported is left alone otherwise."""
        return any(self.prefix_of_columns + column in self.changed_data for column in columns)

    def _check(self, column: str, check: Callable[..., None]) -> None:
        """Put what `check` says of the text in a column at its field; without its key there is no telling."""
        text = self._value(column).strip()
        if not text or not all(map(self._value, ("crud", "dbtype", "pool"))):
            return
        try:
            check(text, dialects=dialects_of(self._value("dbtype"), self._value("pool")))
        except InvalidDefinition as exc:
            self.add_error(self.prefix_of_columns + column, f"{capfirst(exc.message).rstrip('.')}.")

    def _value(self, column: str) -> str:
        """Return what is entered, or stored where a row shows its key."""
        entered = self.cleaned_data.get(self.prefix_of_columns + column)
        return str(entered or "") if entered is not None else self._stored(column)

    def _choose(self, column: str, known: Choices) -> None:
        set_choices(self, self.prefix_of_columns + column, choices_with(known, self._stored(column)))

    def _stored(self, column: str) -> str:
        return str(getattr(self.instance, self.prefix_of_columns + column) or "")


class QuerySqlForm(SqlRowForm):
    prefix_of_columns = "query_"

    query_crud = forms.ChoiceField(label="Verb")
    query_dbtype = forms.ChoiceField(label="Database type")
    query_pool = forms.ChoiceField(label="Pool", help_text=_POOL_HELP)

    class Meta:
        model = QuerySql
        fields = "__all__"


class FrameworkSqlForm(SqlRowForm):
    prefix_of_columns = "fmw_"

    fmw_crud = forms.ChoiceField(label="Verb")
    fmw_dbtype = forms.ChoiceField(label="Database type")
    fmw_pool = forms.ChoiceField(label="Pool", help_text=_POOL_HELP)

    class Meta:
        model = FrameworkQuery
        fields = "__all__"


class FrameworkSwitchForm(FrameworkForm):
    """Which definition of a framework query answers."""

    is_imported = forms.BooleanField(
        label="Use the imported SQL",
        required=False,
        help_text="Without this mark our own SQL answers; what is imported is kept unchanged.",
    )

    class Meta:
        model = FrameworkSwitch
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["is_imported"] = not self.instance._state.adding

    def clean(self) -> dict[str, Any]:
        self.wants_imported = bool(self.cleaned_data.get("is_imported"))
        return super().clean()


def sql_pools() -> Choices:
    """Return the pools whose names fit into the ten characters of a stored query's pool."""
    return [choice for choice in pool_choices() if len(choice[0]) <= 10]


def usual_pool(named: Collection[str], known: Choices) -> str:
    """Return the pool to offer for new SQL of a query whose other SQL names `named`; empty: none is.

    `known` are the pools that there are. Of several pools nobody can say which one has the tables.
    """
    if len(named) == 1:
        return next(iter(named))
    has_pools = any(name != DEFAULT_DB_ALIAS for name, _ in known)
    return "" if named or has_pools else SESSION
