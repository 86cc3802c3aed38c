"""Users, roles, and the rights that roles carry."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.contrib.auth.password_validation import validate_password
from django.db import models

from liberty.constraints import Cascade
from liberty.fields import TimestampField, YesNoField


class UserManager(BaseUserManager["User"]):
    """Makes users whose password is hashed; without a password nobody signs in as the new user."""

    def create_user(self, usr_id: str, password: str | None = None, **fields: Any) -> "User":
        """Store and return a user who is enabled, and no administrator unless `fields` say so."""
        if not usr_id:
            raise ValueError("A user needs an id")
        user = self.model(usr_id=usr_id, **{"usr_status": "Y", "usr_admin": "N"} | fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, usr_id: str, password: str | None = None, **fields: Any) -> "User":
        """Store and return an enabled administrator.

        Raises ValidationError for a password that AUTH_PASSWORD_VALIDATORS refuse: nobody else asks them for
        `createsuperuser --noinput`.
        """
        if password is not None:
            validate_password(password)
        return self.create_user(usr_id, password, **fields | {"usr_admin": "Y"})


class User(AbstractBaseUser):
    """Someone who may sign in.

    A row has the 13 columns of `ly_users` in their order and nothing else, so the fields that Django
    would add are turned off or answered from the columns. In queries use the columns: `is_active`,
    `is_staff` and `is_superuser` are properties. What we keep besides is in `UserState`.
    """

    usr_id = models.CharField("user id", max_length=100, primary_key=True)
    # NULL in rows of the original; Django's own class says that it is never so.
    password = models.TextField("password", db_column="usr_password", null=True, blank=True)  # type: ignore[assignment]
    usr_name = models.CharField("name", max_length=255, null=True, blank=True)
    usr_email = models.CharField("e-mail", max_length=255, null=True, blank=True)
    usr_status = YesNoField("enabled", null=True, blank=True)
    usr_admin = YesNoField("administrator", null=True, blank=True)
    usr_language = models.CharField("language", max_length=3, null=True, blank=True)
    usr_mode = models.CharField("mode", max_length=10, null=True, blank=True)
    usr_readonly = YesNoField("read only", null=True, blank=True)
    usr_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    usr_audit_date = TimestampField("changed at", null=True, blank=True)
    usr_dashboard = models.IntegerField("dashboard", null=True, blank=True)
    usr_theme = models.CharField("theme", max_length=20, null=True, blank=True)
    last_login = None  # Django then records no sign-in in this table

    USERNAME_FIELD = "usr_id"
    EMAIL_FIELD = "usr_email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        db_table = "ly_users"
        verbose_name = "user"
        verbose_name_plural = "users"

    def __str__(self) -> str:
        return self.usr_id

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # a plain attribute in Django's class
        """Whether the user may sign in at all."""
        return self.usr_status == YesNoField.YES

    @property
    def is_superuser(self) -> bool:
        """Whether the user administers the catalogue that this row is in."""
        return self.usr_admin == YesNoField.YES

    @property
    def is_staff(self) -> bool:
        """Whether the admin site lets the user in."""
        return self.is_superuser

    def get_full_name(self) -> str:
        return self.usr_name or self.usr_id

    def get_short_name(self) -> str:
        return self.usr_id

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_active and self.is_superuser

    def has_perms(self, perm_list: Iterable[str], obj: object = None) -> bool:
        return self.is_active and self.is_superuser

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_superuser

    def check_password(self, raw_password: str) -> bool:
        if self.password is None:
            # Django takes NULL for a hash and fails on it. An unusable one takes the time of a real check.
            return check_password(raw_password, UNUSABLE_PASSWORD_PREFIX)
        return super().check_password(raw_password)

    def has_usable_password(self) -> bool:
        return self.password is not None and super().has_usable_password()


class UserState(models.Model):
    """What we know of a user besides his row: it must not stand in the way of a stored DELETE of that row."""

    usr_id = models.CharField("user id", max_length=100, primary_key=True)
    last_sign_in = models.DateTimeField("last sign-in", null=True, blank=True)
    must_change_password = models.BooleanField("must change the password", default=False)

    class Meta:
        db_table = "liberty_user_state"
        verbose_name = "state of a user"
        verbose_name_plural = "states of users"

    def __str__(self) -> str:
        return self.usr_id


class Role(models.Model):
    """A set of rights that users share."""

    rol_id = models.CharField("role", max_length=30, primary_key=True)
    rol_name = models.CharField("name", max_length=255, null=True, blank=True)
    rol_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    rol_audit_date = TimestampField("changed at", null=True, blank=True)

    class Meta:
        db_table = "ly_roles"
        verbose_name = "role"
        verbose_name_plural = "roles"

    def __str__(self) -> str:
        return self.rol_id


class RoleRight(models.Model):
    """What a role allows on a menu, a component or a column."""

    rol = models.ForeignKey(
        Role, models.CASCADE, verbose_name="role", related_name="rights", db_constraint=False, db_index=False
    )
    aut_id = models.IntegerField("right")
    aut_component = models.CharField("component", max_length=40, null=True, blank=True)
    aut_component_id = models.IntegerField("number of the component", null=True, blank=True)
    aut_dd_id = models.CharField("dictionary entry", max_length=50, null=True, blank=True)
    aut_menu_seq_ukid = models.CharField("menu", max_length=150, null=True, blank=True)
    aut_run = YesNoField("may run", null=True, blank=True)
    aut_add = YesNoField("may add", null=True, blank=True)
    aut_chg = YesNoField("may change", null=True, blank=True)
    aut_del = YesNoField("may delete", null=True, blank=True)
    aut_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    aut_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("rol_id", "aut_id")

    class Meta:
        db_table = "ly_rol_auth"
        verbose_name = "role right"
        verbose_name_plural = "role rights"
        constraints = [Cascade(columns=["rol_id"], table="ly_roles", name="ly_rol_auth_roles_fk")]

    def __str__(self) -> str:
        return f"{self.rol_id} {self.aut_id}"


class Membership(models.Model):
    """That a user has a role."""

    usr = models.ForeignKey(
        User,
        models.CASCADE,
        verbose_name="user",
        related_name="memberships",
        db_constraint=False,
        db_index=False,
    )
    rol = models.ForeignKey(
        Role,
        models.CASCADE,
        verbose_name="role",
        related_name="memberships",
        db_constraint=False,
        db_index=False,
    )
    rlu_audit_user = models.CharField("changed by", max_length=30, null=True, blank=True)
    rlu_audit_date = TimestampField("changed at", null=True, blank=True)
    pk = models.CompositePrimaryKey("usr_id", "rol_id")

    class Meta:
        db_table = "ly_usr_roles"
        verbose_name = "membership"
        verbose_name_plural = "memberships"
        constraints = [
            Cascade(columns=["usr_id"], table="ly_users", name="ly_usr_roles_users_fk"),
            Cascade(columns=["rol_id"], table="ly_roles", name="ly_usr_roles_roles_fk"),
        ]

    def __str__(self) -> str:
        return f"{self.usr_id} {self.rol_id}"


class Identity(models.Model):
    """Whom an identity provider knows, and the user of the default catalogue that he signs in as.

    Issuer and subject together name a person for good (OpenID Connect Core, 5.7); an e-mail or a user name
    at the provider names whoever has it today, so nothing is ever found by those. The link goes with its
    user: a later user of the same id is somebody else.
    """

    usr = models.ForeignKey(
        User,
        models.CASCADE,
        verbose_name="user",
        related_name="identities",
        db_constraint=False,
    )
    issuer = models.CharField("issuer", max_length=255)
    subject = models.CharField("subject", max_length=255)
    last_sign_in = models.DateTimeField("last sign-in", null=True, blank=True)

    class Meta:
        db_table = "liberty_identity"
        verbose_name = "identity"
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="liberty_identity_uk",
                violation_error_message="This identity is linked to a user already.",
            ),
            Cascade(columns=["usr_id"], table="ly_users", name="liberty_identity_users_fk"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"


class SpentToken(models.Model):
    """An ID token that was exchanged for one of ours, kept until it would be refused as too old.

    `digest` is the SHA-256, in hexadecimal, of what its signature covers.
    """

    digest = models.CharField("digest", max_length=64, primary_key=True)
    expires_at = models.DateTimeField("expires at", db_index=True)

    class Meta:
        db_table = "liberty_spent_token"
        verbose_name = "spent token"
        verbose_name_plural = "spent tokens"

    def __str__(self) -> str:
        return self.digest


class SignInFailures(models.Model):
    """How many sign-ins were refused lately: of a user from a network, of a user, or from a network.

    `user_key` is a digest of catalogue and user id, since what is typed for a user id may be a password;
    it is empty where all users count, and `network` where all networks do. After `ends_at` the row counts
    nothing.
    """

    user_key = models.CharField("user", max_length=64)
    network = models.CharField("network", max_length=64)
    failures = models.IntegerField("failures")
    ends_at = models.DateTimeField("ends at", db_index=True)
    pk = models.CompositePrimaryKey("user_key", "network")

    class Meta:
        db_table = "liberty_sign_in_failures"
        verbose_name = "failures to sign in"
        verbose_name_plural = "failures to sign in"

    def __str__(self) -> str:
        return f"{self.failures} from {self.network or 'everywhere'}"
