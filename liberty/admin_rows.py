"""Child rows with a composite key, shown and edited on the page of the row they belong to.

Django's own inlines identify a row by one value in one field and cannot hold a key of several columns. A
`RowInline` is an inline whose formset is built on the documented `BaseFormSet` instead:

- A stored row carries the values of its key columns in a hidden field, as JSON. The row they name is looked
  up among the rows of the parent, so a forged one reaches nothing else.
- The key columns of a stored row are shown and cannot be changed: a renamed key would leave the old row
  behind, and rows of other tables that mean it. Delete the row and add another.
- A new row whose key exists already, or twice on the page, is refused at its key.
- Rows are deleted first, then changed (the edited columns only), then added. The admin's view holds the
  transaction.

A subclass names `model`, `fields`, `parent_field` (the attribute of a child that holds the parent's key) and
`key_fields` (the other fields of the key). No foreign key between the two models is needed.
"""

import json
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.admin.utils import flatten_fieldsets
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from liberty.admin import FrameworkAdmin
from liberty.admin_forms import FrameworkForm, audit_fields, stamp

if TYPE_CHECKING:  # generic in the stubs only
    _InlineModelAdmin = InlineModelAdmin[Any, Any]
    _BaseFormSet = BaseFormSet[Any]
else:
    _InlineModelAdmin = InlineModelAdmin
    _BaseFormSet = BaseFormSet

MOST_ROWS = 10_000
"""More rows than this are not edited on one page."""

GONE = "Someone else has removed this row since the page was opened."


class ShownValue(forms.Widget):
    """Text in the place of an input."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return format_html('<span class="readonly">{}</span>', value)


class ShownField(forms.Field):
    """A value that is shown and never written."""

    widget = ShownValue

    def __init__(self, *, label: str, text: str) -> None:
        super().__init__(label=label, required=False, disabled=True)
        self.text = text

    def prepare_value(self, value: Any) -> str:
        return self.text


class RowForm(FrameworkForm):
    """One child row. `instance` is a stored row, a new one, or new and `is_gone`."""

    key_fields: ClassVar[Sequence[str]] = ()
    numbered_field: ClassVar[str | None] = None

    row = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_gone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_gone = is_gone
        self.set_up()
        if is_gone:
            self._show_only(self.fields)
        elif self.is_stored:
            self.initial["row"] = row_token(self.instance, self.key_fields)
            self._show_only(self.key_fields)
        elif self.numbered_field:
            number = self.fields[self.numbered_field]
            number.required = False
            number.widget.attrs["placeholder"] = "next"

    def set_up(self) -> None:
        """Complete the fields, such as choices, before some of them are only shown."""

    @property
    def is_stored(self) -> bool:
        return not self.instance._state.adding

    def _show_only(self, names: Iterable[str]) -> None:
        for name in [name for name in names if name != "row"]:
            field = self.fields[name]
            text = "" if self.is_gone else _text_of(self.instance, name, field)
            self.fields[name] = ShownField(label=str(field.label), text=text)

    def clean(self) -> dict[str, Any]:
        if self.is_gone:
            raise forms.ValidationError(GONE)
        return super().clean()

    def has_changed(self) -> bool:
        return any(name != "row" for name in self.changed_data)


class RowFormSet(_BaseFormSet):
    """The child rows of one parent, with the arguments and the lists of objects that the admin expects."""

    model: ClassVar[type[Model]]
    parent_field: ClassVar[str]
    key_fields: ClassVar[Sequence[str]]
    numbered_field: ClassVar[str | None]
    row_order: ClassVar[Sequence[Any]]

    def __init__(
        self, *args: Any, instance: Model, queryset: QuerySet[Model], save_as_new: bool = False, **kwargs: Any
    ) -> None:
        self.instance = instance
        self.stored = self._stored(queryset)
        self._ordered = list(self.stored.values())
        self.new_objects: list[Model] = []
        self.changed_objects: list[tuple[Model, list[str]]] = []
        self.deleted_objects: list[Model] = []
        super().__init__(*args, **kwargs)

    @classmethod
    def get_default_prefix(cls) -> str:
        return str(cls.model._meta.model_name)

    def get_queryset(self) -> list[Model]:
        """Return the stored rows in the order of `initial_forms`, as the admin's templates ask for."""
        return [form.instance for form in self.initial_forms]

    def initial_form_count(self) -> int:
        return super().initial_form_count() if self.is_bound else len(self.stored)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        kwargs = super().get_form_kwargs(index)
        if index is None or index >= self.initial_form_count():
            return kwargs | {"instance": self.model()}
        row = self._row(index)
        return kwargs | {"instance": row or self.model(), "is_gone": row is None}

    def clean(self) -> None:
        """Refuse keys that exist; rows that are to be deleted make room. Give new rows their numbers."""
        taken = {self._key(row) for row in self.stored.values()}
        taken -= {self._key(form.instance) for form in self._deleted_forms()}
        for form in self._added_forms():
            self._number(form, taken)
            key = self._key(form.instance)
            if key in taken:
                form.add_error(self.key_fields[0], self._duplicate(form))
            taken.add(key)

    def save(self, *, changed_by: str) -> None:
        """Write what was posted, as the user `changed_by`; the caller holds the transaction."""
        for form in self._deleted_forms():
            self.deleted_objects.append(form.instance)
            form.instance.delete()
        for form in self.initial_forms:
            if form.has_changed() and not self._is_deleted(form):
                stamped = stamp(form.instance, changed_by)
                form.instance.save(update_fields=[*form.cleaned_data.keys() & _names(self.model), *stamped])
                self.changed_objects.append((form.instance, form.changed_data))
        for form in self._added_forms():
            setattr(form.instance, self.parent_field, self.instance.pk)
            stamp(form.instance, changed_by)
            form.instance.save(force_insert=True)
            self.new_objects.append(form.instance)

    def _stored(self, queryset: QuerySet[Model]) -> dict[str, Model]:
        if self.instance.pk is None:
            return {}
        rows = queryset.filter(**{self.parent_field: self.instance.pk}).order_by(*self.row_order)
        return {row_token(row, self.key_fields): row for row in rows}

    def _row(self, index: int) -> Model | None:
        if not self.is_bound:
            return self._ordered[index]
        return self.stored.get(self.data.get(f"{self.add_prefix(index)}-row", ""))

    def _is_deleted(self, form: Any) -> bool:
        return bool(form.cleaned_data.get("DELETE"))

    def _deleted_forms(self) -> list[Any]:
        """Return the forms of stored rows to be deleted, whatever else was entered in them."""
        return [form for form in self.initial_forms if form.is_stored and self._is_deleted(form)]

    def _added_forms(self) -> list[Any]:
        added = [form for form in self.extra_forms if form.has_changed() and form.is_valid()]
        return [form for form in added if not self._is_deleted(form)]

    def _key(self, row: Model) -> tuple[Any, ...]:
        return tuple(getattr(row, _attribute(row, name)) for name in self.key_fields)

    def _number(self, form: Any, taken: Iterable[tuple[Any, ...]]) -> None:
        if self.numbered_field is None or getattr(form.instance, self.numbered_field) is not None:
            return
        position = self.key_fields.index(self.numbered_field)
        setattr(form.instance, self.numbered_field, max((key[position] for key in taken), default=0) + 1)

    def _duplicate(self, form: Any) -> str:
        shown = ", ".join(_text_of(form.instance, name, form.fields[name]) for name in self.key_fields)
        return f"There is a row for {shown} already."


class RowInline(FrameworkAdmin, _InlineModelAdmin):
    """Rows of `model` on the page of their parent; see the module."""

    template = "admin/rows/table.html"
    form = RowForm
    extra = 0
    parent_field: str = ""
    key_fields: Sequence[str] = ()
    numbered_field: str | None = None
    """The integer among `key_fields` that a new row gets by itself where it is left empty."""

    row_order: Sequence[Any] = ()
    """What rows are ordered by, if not by their key."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Check the names; Django's own checks ask for a foreign key and a key of one column."""
        names = [self.parent_field, *self.key_fields, *self._field_names()]
        return [
            Error(
                f"'{name}' is not a field of {self.model.__name__}.", obj=type(self), id="liberty.admin.E001"
            )
            for name in map(str, names)
            if not _is_field(self.model, name)
        ]

    def _field_names(self) -> list[str]:
        """Return the shown fields; `fieldsets` says how, where a row takes more than one line."""
        fields: Any = flatten_fieldsets(self.fieldsets) if self.fieldsets else self.fields
        return list(fields or ())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = audit_fields(self.model)
        return [name for name in names if name in self._field_names()]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> type[RowFormSet]:  # type: ignore[override]
        """Return the class of the formset; `obj` is the parent, or None for one that is not stored yet."""
        shown = self.get_readonly_fields(request, obj)
        form: Any = forms.modelform_factory(
            self.model,
            form=self.form,
            fields=[name for name in self._field_names() if name not in shown],
            formfield_callback=partial(self.formfield_for_dbfield, request=request),
        )
        form.key_fields = self.key_fields
        form.numbered_field = self.numbered_field
        formset: Any = formset_factory(
            form,
            formset=type("BoundRowFormSet", (RowFormSet,), self._rows()),
            extra=self.get_extra(request, obj),
            can_delete=self.can_delete,
            max_num=MOST_ROWS,
            absolute_max=MOST_ROWS,
        )
        return cast(type[RowFormSet], formset)

    def _rows(self) -> dict[str, Any]:
        """Return what a formset must know of its rows."""
        return {
            "model": self.model,
            "parent_field": self.parent_field,
            "key_fields": self.key_fields,
            "numbered_field": self.numbered_field,
            "row_order": self.row_order or self.key_fields,
        }


def row_token(row: Model, key_fields: Sequence[str]) -> str:
    """Return the text that names a row among those of its parent."""
    return json.dumps([str(getattr(row, _attribute(row, name))) for name in key_fields])


def _attribute(row: Model, name: str) -> str:
    """Return the attribute with the plain value of a field: `usr_id` for the foreign key `usr`."""
    field: Any = row._meta.get_field(name)
    return str(field.attname)


def _text_of(row: Model, name: str, field: forms.Field) -> str:
    value = getattr(row, name)
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    return str(value)


def _names(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.fields}


def _is_field(model: type[Model], name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True
