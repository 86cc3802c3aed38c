"""Forms of the admin pages of users and roles."""

from typing import Any, ClassVar

from django import forms
from django.utils.crypto import constant_time_compare

from apps.accounts.models import Identity, User
from apps.accounts.oidc.configuration import configuration
from liberty.admin_forms import FrameworkForm, SecretForm, choices_with, set_choices
from liberty.fields import YesNoField

MODES = [("", "---------"), ("light", "Light"), ("dark", "Dark")]


class UserForm(SecretForm):
    """A user; `signed_in` is the id of the administrator who fills in the form."""

    secret_field = "password"  # noqa: S105  # the name of a field
    signed_in = ""

    new_secret_again = forms.CharField(
        label="New password again",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "class": "vTextField"}),
    )
    usr_mode = forms.ChoiceField(label="Mode", required=False)

    class Meta:
        model = User
        exclude = ("password",)
        help_texts: ClassVar[dict[str, str]] = {
            "usr_status": "Only enabled users sign in.",
            "usr_admin": "May do everything, and use this site.",
            "usr_readonly": "May look, and change nothing.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "usr_mode", choices_with(MODES, self.instance.usr_mode))
        if self.instance._state.adding and "usr_status" in self.fields:
            self.initial.setdefault("usr_status", YesNoField.YES)

    def clean(self) -> dict[str, Any]:
        self._check_repeated()
        if not self.instance._state.adding and self.instance.pk == self.signed_in:
            self._check_own_rights()
        return super().clean()

    def _check_repeated(self) -> None:
        typed, again = self["new_secret"].data or "", self.cleaned_data.get("new_secret_again") or ""
        if not constant_time_compare(typed, again):
            self.add_error("new_secret_again", "The two passwords differ.")

    def _check_own_rights(self) -> None:
        """Whoever locks himself out cannot undo it."""
        for name in ("usr_status", "usr_admin"):
            if self.cleaned_data.get(name) == YesNoField.NO:
                self.add_error(name, "You cannot take this from yourself.")
        if self.cleaned_data.get("usr_readonly") == YesNoField.YES:
            self.add_error("usr_readonly", "You cannot take the right to write from yourself.")
        if self.cleaned_data.get("remove_secret"):
            self.add_error("remove_secret", "You cannot remove your own password.")


class IdentityForm(FrameworkForm):
    """An identity; a new one is one of the configured provider."""

    class Meta:
        model = Identity
        fields = ("usr", "issuer", "subject")
        help_texts: ClassVar[dict[str, str]] = {
            "usr": "Whoever has this identity signs in as this user.",
            "issuer": "Exactly as the provider names itself in its tokens.",
            "subject": "The provider's own id of the person (`sub`): neither an e-mail nor a user name.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = configuration()
        if found is not None and "issuer" in self.fields:
            self.initial.setdefault("issuer", found.issuer)
