"""Admin pages of users and roles."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, identify_hasher
from django.contrib.auth.models import Group
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.signals import post_delete, pre_delete
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.http import urlencode
from django.utils.safestring import mark_safe

from apps.accounts.forms import IdentityForm, UserForm
from apps.accounts.lockout import locked_until, unlock_user
from apps.accounts.models import Identity, Membership, Role, RoleRight, User, UserState
from apps.pools.catalogue import touch
from apps.pools.catalogue_admin import CatalogueAdmin
from liberty.admin import FrameworkAdmin, flag_column
from liberty.admin_rows import RowInline
from liberty.crypto import reads_stored

if TYPE_CHECKING:  # generic in the stubs only
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

# Rights come from `ly_roles`; Django's own groups would do nothing.
admin.site.unregister(Group)


class RolesOfUser(RowInline):
    model = Membership
    verbose_name = "role"
    verbose_name_plural = "roles"
    fields = ("rol", "rlu_audit_user", "rlu_audit_date")
    parent_field = "usr_id"
    key_fields = ("rol",)
    autocomplete_fields = ("rol",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("rol")


class MembersOfRole(RowInline):
    model = Membership
    verbose_name = "member"
    verbose_name_plural = "members"
    fields = ("usr", "rlu_audit_user", "rlu_audit_date")
    parent_field = "rol_id"
    key_fields = ("usr",)
    autocomplete_fields = ("usr",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("usr")


class RightsOfRole(RowInline):
    model = RoleRight
    verbose_name = "right"
    verbose_name_plural = "rights"
    fields = (
        "aut_id",
        "aut_component",
        "aut_component_id",
        "aut_menu_seq_ukid",
        "aut_dd_id",
        "aut_run",
        "aut_add",
        "aut_chg",
        "aut_del",
    )
    parent_field = "rol_id"
    key_fields = ("aut_id",)
    numbered_field = "aut_id"


@admin.register(User)
class UserAdmin(CatalogueAdmin):
    form = UserForm
    list_display = (
        "usr_id",
        "usr_name",
        flag_column("usr_status", "enabled"),
        flag_column("usr_admin", "administrator"),
        flag_column("usr_readonly", "read only"),
        "password_state",
        "last_sign_in",
    )
    list_display_links = ("usr_id", "usr_name")
    list_filter = ("usr_status", "usr_admin", "usr_readonly", "usr_language")
    search_fields = ("usr_id", "usr_name", "usr_email")
    ordering = ("usr_id",)
    readonly_fields = ("shown_password", "last_sign_in", "sign_in_lock", "identities")
    actions = ("unlock",)
    inlines = (RolesOfUser,)
    write_only = ("new_secret", "new_secret_again", "remove_secret")
    fieldsets = (
        (None, {"fields": ("usr_id", "usr_name", "usr_email")}),
        (
            "Password",
            {
                "fields": (
                    *("shown_password", "new_secret", "new_secret_again", "remove_secret"),
                    *("last_sign_in", "sign_in_lock"),
                )
            },
        ),
        ("Identity provider", {"fields": ("identities",)}),
        ("Rights", {"fields": ("usr_status", "usr_admin", "usr_readonly")}),
        ("Client", {"fields": ("usr_language", "usr_mode", "usr_theme", "usr_dashboard")}),
        ("Last change", {"fields": (("usr_audit_user", "usr_audit_date"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        states = UserState.objects.filter(usr_id=OuterRef("usr_id")).values("last_sign_in")
        queryset: QuerySet[User] = super().get_queryset(request)
        return queryset.annotate(last_sign_in=Subquery(states))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.signed_in = str(request.user.pk)
        return form

    @admin.display(description="sign-in")
    def sign_in_lock(self, user: User) -> str:
        end = locked_until(user.pk) if user.pk else None
        if end is None:
            return "not locked"
        return f"locked after wrong passwords until {date_format(end, 'Y-m-d H:i:s')}"

    @admin.action(description="Unlock the sign-in of selected users", permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Forget the wrong passwords of the users; those of an address go on counting."""
        unlocked = [user.pk for user in queryset if unlock_user(user.pk)]
        names = ", ".join(unlocked) or "none of them had any"
        self.message_user(request, f"Wrong passwords forgotten: {names}.", messages.SUCCESS)

    @admin.display(description="password")
    def password_state(self, user: User) -> str:
        return password_state(user.password).value

    @admin.display(description="password")
    def shown_password(self, user: User) -> str:
        state = password_state(user.password)
        return f"{state.value}: {_meanings[state]}"

    @admin.display(description="last sign-in", ordering="last_sign_in")
    def last_sign_in(self, user: User) -> str:
        moment: datetime | None = getattr(user, "last_sign_in", None)
        return date_format(moment, "Y-m-d H:i") if moment else "-"

    @admin.display(description="signs in as")
    def identities(self, user: User) -> str:
        """Link to the identities of the user, and to the page that links one more."""
        page = "admin:accounts_identity"
        links = [(reverse(f"{page}_change", args=[row.pk]), str(row)) for row in user.identities.all()]
        links.append((f"{reverse(f'{page}_add')}?{urlencode({'usr': user.pk})}", "Link an identity"))
        return format_html_join(mark_safe("<br>"), '<a href="{}">{}</a>', links)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if obj.pk == request.user.pk:
            # A new password ends the sessions of a user; the one it is set in goes on.
            update_session_auth_hash(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes himself."""
        is_self = obj is not None and obj.pk == request.user.pk
        return super().has_delete_permission(request, obj) and not is_self

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """List what goes with the users: their roles, and not the history of what they did."""
        users = [user.pk for user in objs]
        counts = {
            str(User._meta.verbose_name_plural): len(users),
            str(Membership._meta.verbose_name_plural): Membership.objects.filter(usr_id__in=users).count(),
            str(Identity._meta.verbose_name_plural): Identity.objects.filter(usr_id__in=users).count(),
        }
        refused = {"your own account"} if request.user.pk in users else set()
        return [f"User: {user}" for user in users], counts, refused, []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self.delete_queryset(request, User.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete users, and keep the history of what they did.

        Django's own deletion would take their log entries along, in Python; what belongs to a user goes
        by the cascades of the database. Whoever listens to deletions is told as Django would tell him.
        """
        users = list(queryset.exclude(pk=request.user.pk))
        keys = [user.pk for user in users]
        with transaction.atomic():
            UserState.objects.filter(usr_id__in=keys).delete()
            Membership.objects.filter(usr_id__in=keys).delete()
            doomed = User.objects.filter(pk__in=keys)
            for user in users:
                pre_delete.send(sender=User, instance=user, using=doomed.db, origin=doomed)
            doomed._raw_delete(doomed.db)
            for user in users:
                post_delete.send(sender=User, instance=user, using=doomed.db, origin=doomed)
            touch(DEFAULT_DB_ALIAS)


@admin.register(Identity)
class IdentityAdmin(FrameworkAdmin, _ModelAdmin):
    """Whoever is linked to a user signs in as that user."""

    form = IdentityForm
    list_display = ("subject", "issuer", "usr", "last_sign_in")
    list_display_links = ("subject",)
    list_select_related = ("usr",)
    search_fields = ("subject", "usr__usr_id", "usr__usr_name")
    ordering = ("issuer", "subject")
    autocomplete_fields = ("usr",)
    fields = ("usr", "issuer", "subject", "last_sign_in")
    readonly_fields = ("last_sign_in",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """An identity is linked to another user, or unlinked; it never becomes another one."""
        key = ["issuer", "subject"] if obj is not None else []
        return [*super().get_readonly_fields(request, obj), *key]


class PasswordState(StrEnum):
    """What is stored for a user's password."""

    NONE = "none"
    SET = "set"
    IMPORTED = "imported"
    UNREADABLE = "unreadable"


_meanings = {
    PasswordState.NONE: "nobody signs in with a password as this user until one is set.",
    PasswordState.SET: "stored as a one-way hash.",
    PasswordState.IMPORTED: "good for one sign-in, which replaces it by a one-way hash.",
    PasswordState.UNREADABLE: "imported or damaged, so nobody signs in as this user until a new one is set.",
}


def password_state(stored: str | None) -> PasswordState:
    if not stored or stored.startswith(UNUSABLE_PASSWORD_PREFIX):
        return PasswordState.NONE
    if reads_stored(stored):
        return PasswordState.IMPORTED
    try:
        identify_hasher(stored).decode(stored)
    except (ValueError, AssertionError):
        return PasswordState.UNREADABLE
    return PasswordState.SET


@admin.register(Role)
class RoleAdmin(CatalogueAdmin):
    list_display = ("rol_id", "rol_name", "number_of_rights", "number_of_members", "rol_audit_date")
    list_display_links = ("rol_id", "rol_name")
    search_fields = ("rol_id", "rol_name")
    ordering = ("rol_id",)
    inlines = (RightsOfRole, MembersOfRole)
    fieldsets = (
        (None, {"fields": ("rol_id", "rol_name")}),
        ("Last change", {"fields": (("rol_audit_user", "rol_audit_date"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Role]:
        queryset: QuerySet[Role] = super().get_queryset(request)
        return queryset.annotate(
            number_of_rights=_count_of(RoleRight), number_of_members=_count_of(Membership)
        )

    @admin.display(description="rights", ordering="number_of_rights")
    def number_of_rights(self, role: Any) -> int:
        return int(role.number_of_rights or 0)

    @admin.display(description="members", ordering="number_of_members")
    def number_of_members(self, role: Any) -> int:
        return int(role.number_of_members or 0)


def _count_of(model: type[RoleRight | Membership]) -> Subquery:
    """Count the rows below each role: two joins at once would multiply them."""
    rows = model._default_manager.filter(rol_id=OuterRef("rol_id")).order_by().values("rol_id")
    return Subquery(rows.annotate(number=Count("*")).values("number"))
