"""Forms of the admin pages of stored calls and of the services that they go to.

What a call would be refused for when it is made is refused here, where something of it was edited.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.text import capfirst

from apps.framework.models import Api, ApiConnection, ApiHeader
from apps.queries.internal_calls import checked_path
from apps.queries.outbound import EXTERNAL, INTERNAL, METHODS, check_body, check_header, check_tls
from liberty.admin_forms import SecretForm, choices_with, set_choices
from liberty.admin_rows import RowForm
from liberty.errors import InvalidDefinition
from liberty.outbound import checked_url, site_of
from liberty.secrets import KEEP

MOVED = (
    "The address leads to another host, where the stored password would be sent: enter the password anew, or "
    "remove it."
)

_nothing = ("", "---------")
_sources = [(EXTERNAL, "EXTERNAL (a service)"), (INTERNAL, "INTERNAL (this server)")]

Site = tuple[str, str, int]
"""Scheme, host and port."""


class AddressForm(SecretForm):
    """A form with an address and the password that is sent there."""

    def value_of(self, name: str) -> Any:
        """Return what is entered, or stored where nothing could be."""
        return self.cleaned_data[name] if name in self.cleaned_data else getattr(self.instance, name)

    def are_edited(self, *names: str) -> bool:
        return any(name in self.changed_data for name in names)

    def check_field(self, name: str, check: Callable[[], Any]) -> None:
        """Put what `check` says at a field, if nothing is said of it yet."""
        if name in self.errors:
            return
        try:
            check()
        except InvalidDefinition as exc:
            self.add_error(name, _sentence(exc))

    def check_move(self, before: Site | None, after: Site | None) -> None:
        """Refuse to keep a password that would be sent to another service than the one it is for."""
        entered, removed = self.cleaned_data.get("new_secret", KEEP), self.cleaned_data.get("remove_secret")
        is_kept = entered is KEEP and not removed and "new_secret" not in self.errors
        if is_kept and getattr(self.instance, self.secret_field) and after not in (None, before):
            self.add_error("new_secret", MOVED)


class ApiConnectionForm(AddressForm):
    secret_field = "conn_password"  # noqa: S105  # the name of a column

    class Meta:
        model = ApiConnection
        exclude = ("conn_password",)
        labels: ClassVar[dict[str, str]] = {"conn_id": "Number"}
        help_texts: ClassVar[dict[str, str]] = {
            "conn_url": "What the addresses of its APIs begin with: https://host/path.",
            "conn_user": "Sent with the password as HTTP Basic, by https only.",
        }

    def clean(self) -> dict[str, Any]:
        if self.are_edited("conn_url", "conn_user"):
            self._check_address(self.value_of("conn_url"), self.value_of("conn_user"))
        return super().clean()

    def _check_address(self, url: str, user: str | None) -> None:
        # A path is where calls to this server begin.
        self.check_field("conn_url", partial(checked_path if url.startswith("/") else checked_url, url))
        if user:
            self.check_field("conn_url", partial(check_tls, url))
        before, after = _site(self.instance.conn_url), _site(url)
        self.check_move(before, after)
        if after not in (None, before):
            self._check_holders()

    def _check_holders(self) -> None:
        """Refuse to lead the passwords that APIs of this connection have of their own somewhere else."""
        rows = Api.objects.filter(api_conn_id=self.value_of("conn_id")).exclude(api_source__iexact=INTERNAL)
        holders = rows.exclude(Q(api_password=None) | Q(api_password="")).order_by("api_id")
        numbers = ", ".join(map(str, holders.values_list("api_id", flat=True)))
        if numbers and "conn_url" not in self.errors:
            self.add_error(
                "conn_url",
                f"The passwords that APIs of this connection have of their own ({numbers}) would be sent to "
                "another host: remove them first.",
            )


class ApiForm(AddressForm):
    secret_field = "api_password"  # noqa: S105  # the name of a column

    api_source = forms.ChoiceField(label="Source", required=False, initial=EXTERNAL)
    api_method = forms.ChoiceField(label="Method", required=False, initial="POST")
    api_conn_id = forms.TypedChoiceField(label="Connection", required=False, coerce=int, empty_value=None)

    class Meta:
        model = Api
        exclude = ("api_password",)
        labels: ClassVar[dict[str, str]] = {"api_id": "Number"}
        help_texts: ClassVar[dict[str, str]] = {
            "api_id": "Clients make the call by this number.",
            "api_url": "A path below /api/, or an address; with a connection, what follows the connection's.",
            "api_user": "Sent with the password as HTTP Basic, by https only; a connection's own come first.",
            "api_body": "JSON in whose texts $NAME stands for a value of the caller; empty is {}.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        methods = [(name, name) for name in METHODS]
        set_choices(self, "api_source", choices_with([_nothing, *_sources], self.instance.api_source))
        set_choices(self, "api_method", choices_with([_nothing, *methods], self.instance.api_method))
        rows = ApiConnection.objects.order_by("conn_id").values_list("conn_id", "conn_label")
        known = [(str(number), f"{number}: {label}") for number, label in rows]
        current = None if self.instance.api_conn_id is None else str(self.instance.api_conn_id)
        set_choices(self, "api_conn_id", choices_with([_nothing, *known], current))

    def clean(self) -> dict[str, Any]:
        if self.are_edited("api_source", "api_url", "api_conn_id", "api_user"):
            self._check_address()
        if self.are_edited("api_body", "api_method"):
            method = (self.value_of("api_method") or "POST").upper()
            self.check_field("api_body", partial(check_body, self.value_of("api_body") or "", method))
        return super().clean()

    def _check_address(self) -> None:
        connection = _connection(self.value_of("api_conn_id"))
        base = connection.conn_url if connection else ""
        address = base + (self.value_of("api_url") or "").strip()
        if _is_internal(self.value_of("api_source")):
            self.check_field("api_url", partial(checked_path, address))
            return
        self.check_field("api_url", partial(checked_url, address))
        if (connection and connection.conn_user) or self.value_of("api_user"):
            self.check_field("api_url", partial(check_tls, address))
        after = _site(address)
        if connection and "api_url" not in self.errors and after != _site(base):
            self.add_error("api_url", "With what the connection begins with, this leads to another host.")
        self.check_move(self._stored_site(), after)

    def _stored_site(self) -> Site | None:
        """Return where the stored password is sent now; None: nowhere."""
        if _is_internal(self.instance.api_source):
            return None
        connection = _connection(self.instance.api_conn_id)
        return _site((connection.conn_url if connection else "") + self.instance.api_url.strip())


class ApiHeaderForm(RowForm):
    class Meta:
        model = ApiHeader
        fields = "__all__"

    def clean(self) -> dict[str, Any]:
        name, value = self.cleaned_data.get("hdr_key"), self.cleaned_data.get("hdr_value")
        if name and value and any(column in self.changed_data for column in ("hdr_key", "hdr_value")):
            try:
                check_header(name, value)
            except InvalidDefinition as exc:
                self.add_error("hdr_key", _sentence(exc))
        return super().clean()


def _is_internal(source: str | None) -> bool:
    return (source or EXTERNAL).upper() == INTERNAL


def _connection(number: int | None) -> ApiConnection | None:
    return None if number is None else ApiConnection.objects.filter(conn_id=number).first()


def _site(address: str) -> Site | None:
    """Return the service that an address leads to; None where it leads to none."""
    try:
        return site_of(checked_url(address))
    except InvalidDefinition:
        return None


def _sentence(exc: InvalidDefinition) -> str:
    return f"{capfirst(exc.message).rstrip('.')}."
