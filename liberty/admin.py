"""The admin site, who may change something on it, and what its pages over framework tables share."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import AdminSite, display
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.db.models.fields import CharField, TextField
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from liberty.admin_forms import FlagField, LineField, TextAreaField
from liberty.api.exception_handler import mark
from liberty.errors import TooManyAttempts
from liberty.fields import YesNoField
from liberty.secrets import is_secret

if TYPE_CHECKING:  # generic in the stubs only
    _BaseModelAdmin = BaseModelAdmin[Any]
else:
    _BaseModelAdmin = BaseModelAdmin


_acting_user: ContextVar[str] = ContextVar("acting_user", default="")


def acting_user() -> str:
    """Return the id of the user whose request the admin site answers; empty outside of its views."""
    return _acting_user.get()


class SignInForm(AdminAuthenticationForm):
    """Tells at the form that there were too many attempts; `refusal` is then the failure."""

    refusal: TooManyAttempts | None = None

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except TooManyAttempts as exc:
            self.refusal = exc
            raise ValidationError(exc.message, code="too_many") from exc


class LibertyAdminSite(AdminSite):
    """The site for those who administer the framework database; nobody else gets past its sign-in page."""

    site_header = "Liberty API"
    site_title = "Liberty API"
    index_title = "Administration"
    # "View site" leads to the documentation of the API: there is no other site.
    site_url = "/api"
    login_form = SignInForm

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response = super().login(request, extra_context)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if form is not None and form.refusal is not None:
            mark(response, form.refusal)
        return response

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Return Django's view, which names its user to those who watch what is changed."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def named(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            token = _acting_user.set(str(request.user.pk or ""))
            try:
                return inner(request, *args, **kwargs)
            finally:
                _acting_user.reset(token)

        return named

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Return Django's page, in a transaction: whoever watches what is changed writes in the same one."""
        with transaction.atomic():
            return super().password_change(request, extra_context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Return Django's list, under the names that pages give themselves."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            for entry in app["models"]:
                entry["name"] = getattr(self.get_model_admin(entry["model"]), "menu_name", entry["name"])
        return apps


class FrameworkAdmin(_BaseModelAdmin):
    """A page, or rows on a page, that administrators see and that only those who may write change.

    Its form fields take a stored value for what it is: see `liberty.admin_forms`.
    """

    formfield_overrides: ClassVar[Any] = {
        CharField: {"form_class": LineField},
        TextField: {"form_class": TextAreaField},
    }

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Refuse to search by a secret: what is found tells of it, a letter at a time."""
        if any(is_secret(part) or part == "password" for part in lookup.split("__")):
            return False
        return super().lookup_allowed(lookup, value, request)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, YesNoField):
            return FlagField(label=capfirst(db_field.verbose_name), help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_write(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_write(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_write(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_administrator(request)


class ReadOnlyAdmin(FrameworkAdmin):
    """A page of what the server has written: administrators look at it, and nobody changes it."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def may_write(request: HttpRequest) -> bool:
    """Whether the signed-in administrator is not marked as read only."""
    return _is_administrator(request) and getattr(request.user, "usr_readonly", None) != YesNoField.YES


def _is_administrator(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff


def flag_column(name: str, description: str) -> Any:
    """Return a list column that shows a `Y`/`N` field as a tick or a cross."""

    @display(description=description, boolean=True, ordering=name)
    def shown(obj: Model) -> bool:
        return bool(getattr(obj, name) == YesNoField.YES)

    return shown
