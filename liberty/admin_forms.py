"""Forms of the admin site over framework tables.

Rows of these tables are read by stored SQL that tells NULL from the empty text, and one line end from
another. So a form writes what was edited and leaves every other column exactly as it is stored.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from liberty.crypto import is_encrypted, reads_stored
from liberty.errors import MalformedRequest
from liberty.fields import YesNoField
from liberty.secrets import KEEP, Keep, prepare_written

if TYPE_CHECKING:  # generic in the stubs only
    _ModelForm = forms.ModelForm[Model]
else:
    _ModelForm = forms.ModelForm

Choices = list[tuple[str, str]]


class FlagField(forms.BooleanField):
    """A tick for a `Y`/`N` column; NULL and the empty text are shown as no."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "required": False})

    def to_python(self, value: Any) -> bool:
        if value in (YesNoField.NO, "", None):
            return False
        return super().to_python(value)

    def prepare_value(self, value: Any) -> bool:
        return self.to_python(value)

    def clean(self, value: Any) -> str:
        return YesNoField.YES if super().clean(value) else YesNoField.NO


class LineField(forms.CharField):
    """A short text without spaces around it; a stored one that has some is left alone until it is edited."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


class TextAreaField(forms.CharField):
    """A long text that keeps its spaces, with `\\n` between lines whatever the browser sends."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "strip": False})

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if text else text

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.to_python(initial), data)


class FrameworkForm(_ModelForm):
    """A form that writes only what was edited."""

    instance: Any

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.instance._state.adding:
            for name in set(self.cleaned_data) - set(self.changed_data):
                del self.cleaned_data[name]
        return self.cleaned_data


class SecretForm(FrameworkForm):
    """A form that can set or remove the secret in `secret_field`, and never shows it."""

    secret_field: ClassVar[str]

    new_secret = forms.CharField(
        label="New password",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
        help_text="Leave it empty to keep the password as it is.",
    )
    remove_secret = forms.BooleanField(label="Remove the password", required=False)

    def clean_new_secret(self) -> str | Keep | None:
        """Return what to store: hashed or encrypted already, or KEEP."""
        clear = self.cleaned_data["new_secret"]
        if not clear:
            return KEEP
        try:
            return prepare_written(self._column(), clear)
        except MalformedRequest as exc:
            raise ValidationError(exc.message) from exc

    def clean(self) -> dict[str, Any]:
        prepared = self.cleaned_data.get("new_secret", KEEP)
        removed = self.cleaned_data.get("remove_secret")
        if removed and prepared is not KEEP:
            self.add_error("remove_secret", "Set a new password or remove the old one, not both.")
        self._prepared = None if removed else prepared
        return super().clean()

    def _column(self) -> str:
        field: Any = self.instance._meta.get_field(self.secret_field)
        return str(field.column)

    def save(self, commit: bool = True) -> Any:
        if self._prepared is not KEEP:
            setattr(self.instance, self.secret_field, self._prepared)
        return super().save(commit)


class SecretState(StrEnum):
    """What is stored for an encrypted secret."""

    NONE = "none"
    SET = "set"
    CLEAR = "clear text"
    UNREADABLE = "unreadable"


def secret_state(stored: str | None) -> SecretState:
    if not stored:
        return SecretState.NONE
    if not is_encrypted(stored):
        return SecretState.CLEAR
    return SecretState.SET if reads_stored(stored) else SecretState.UNREADABLE


_meanings = {
    SecretState.SET: "encrypted under this installation's key.",
    SecretState.CLEAR: "not encrypted; set it again to encrypt it.",
    SecretState.UNREADABLE: "imported, or its key is gone; set it again.",
}


def shown_secret(stored: str | None, *, without: str) -> str:
    """Return what a page says of a secret; `without` is what it means that there is none."""
    state = secret_state(stored)
    return f"{state.value}: {_meanings.get(state, without)}"


def choices_with(known: Iterable[tuple[str, str]], current: str | None) -> Choices:
    """Return the choices of a select that also keeps a stored value it does not know."""
    choices = list(known)
    if current and current not in dict(choices):
        choices.append((current, current))
    return choices


def set_choices(form: forms.BaseForm, name: str, choices: list[tuple[str, str]]) -> None:
    """A page for readers has no fields, so there may be nothing to set."""
    field = form.fields.get(name)
    if isinstance(field, forms.ChoiceField):
        field.choices = choices


def audit_fields(model: type[Model]) -> tuple[str, ...]:
    """Return the names of the columns of a framework table that say who changed a row, and when."""
    names = [field.name for field in model._meta.fields]
    return tuple(name for name in names if name.endswith(("_audit_user", "_audit_date")))


def stamp(row: Model, user_id: str, now: datetime | None = None) -> tuple[str, ...]:
    """Write who changes a row, and when, into its audit columns; return their names."""
    names = audit_fields(type(row))
    for name in names:
        field: Any = row._meta.get_field(name)
        is_user = name.endswith("_user")
        # The column is narrower than the user ids it is meant for.
        setattr(row, name, user_id[: field.max_length] if is_user else now or timezone.now())
    return names
