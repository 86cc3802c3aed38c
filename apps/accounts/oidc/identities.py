"""From an identity at the provider to a user of the default catalogue."""

import logging
import unicodedata
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Identity, Membership, Role, User
from apps.accounts.oidc.configuration import Configuration
from apps.accounts.oidc.provider import Document
from apps.accounts.oidc.tokens import IdentityRefused
from apps.pools.catalogue import touch
from liberty.admin_forms import stamp
from liberty.fields import YesNoField
from liberty.text import is_sendable

logger = logging.getLogger("liberty.accounts")

CHANGED_BY = "oidc"
"""Who made the users, roles and rights that come from a provider, in the audit columns."""


def signed_in_user(issuer: str, subject: str, claims: Document, configuration: Configuration) -> User:
    """Return the enabled user that the identity is linked to, or a new one where that is allowed.

    Roles and administrator rights that the configuration maps are brought up to date; others stay.
    Raises IdentityRefused where no user is linked and none may be made, or where he is disabled.
    """
    with transaction.atomic():
        user = _linked_user(issuer, subject) or _new_user(issuer, subject, claims, configuration)
        if not user.is_active:
            raise IdentityRefused(f"user {user.usr_id!r} is disabled", explanation=_no_user(subject))
        _bring_up_to_date(user, claims, configuration)
        Identity.objects.filter(issuer=issuer, subject=subject).update(last_sign_in=timezone.now())
    return user


def _linked_user(issuer: str, subject: str) -> User | None:
    found = Identity.objects.select_related("usr").filter(issuer=issuer, subject=subject).first()
    # Some databases find other spellings as well; a subject is compared letter by letter.
    if found is None or (found.issuer, found.subject) != (issuer, subject):
        return None
    return found.usr


def _new_user(issuer: str, subject: str, claims: Document, configuration: Configuration) -> User:
    if not configuration.creates_users:
        raise IdentityRefused(f"no user is linked to subject {subject!r}", explanation=_no_user(subject))
    user = User(
        usr_id=_new_user_id(subject, claims, configuration),
        usr_name=_text(claims.get("name"), 255),
        usr_email=_verified_email(claims),
        usr_status=YesNoField.YES,
        usr_admin=YesNoField.NO,
    )
    user.set_unusable_password()
    stamp(user, CHANGED_BY)
    try:
        with transaction.atomic():
            # Django would otherwise update a user of this id who has come in between.
            user.save(force_insert=True)
            Identity.objects.create(usr=user, issuer=issuer, subject=subject)
    except IntegrityError as exc:
        return _made_meanwhile(issuer, subject, exc)
    logger.info("OIDC: user %r was made for subject %r", user.usr_id, subject)
    return user


def _made_meanwhile(issuer: str, subject: str, reason: IntegrityError) -> User:
    """Return the user whom another first sign-in of the same person has made at the same moment."""
    user = _linked_user(issuer, subject)
    if user is None:
        raise IdentityRefused(f"a user for subject {subject!r} could not be made") from reason
    return user


def _new_user_id(subject: str, claims: Document, configuration: Configuration) -> str:
    """Return the id of a user who is not there yet: nobody becomes somebody else by a name he chose."""
    explanation = _no_user(subject)
    user_id = claims.get(configuration.user_claim)
    longest = User._meta.get_field("usr_id").max_length or 0
    if not isinstance(user_id, str) or not 0 < len(user_id) <= longest or not _is_plain(user_id):
        raise IdentityRefused(
            f"subject {subject!r}: claim {configuration.user_claim!r} is no user id", explanation=explanation
        )
    if User.objects.filter(usr_id__iexact=user_id).exists():
        raise IdentityRefused(
            f"subject {subject!r}: user {user_id!r} exists and is not linked to it", explanation=explanation
        )
    return user_id


def _is_plain(user_id: str) -> bool:
    """Whether it looks like nothing but itself: no spaces around it, no marks that cannot be seen."""
    is_normal = unicodedata.is_normalized("NFKC", user_id) and user_id == user_id.strip()
    return is_normal and user_id.isprintable() and is_sendable(user_id)


def _verified_email(claims: Document) -> str | None:
    return _text(claims.get("email"), 255) if claims.get("email_verified") is True else None


def _text(value: Any, longest: int) -> str | None:
    """Return a claim that can be stored as it is, else None: half a name is none."""
    is_text = isinstance(value, str) and 0 < len(value) <= longest and is_sendable(value)
    return value if is_text else None


def _no_user(subject: str) -> str:
    return (
        "You have signed in at the identity provider, but no enabled user of this server is linked to your "
        f"account there. An administrator can link it; the provider knows you as {subject}."
    )


def _bring_up_to_date(user: User, claims: Document, configuration: Configuration) -> None:
    groups = _groups(claims, configuration.roles_claim)
    if configuration.admin_groups:
        _set_admin(user, not groups.isdisjoint(configuration.admin_groups))
    if configuration.roles:
        _set_roles(user, groups, configuration)


def _set_admin(user: User, is_admin: bool) -> None:
    wanted = YesNoField.YES if is_admin else YesNoField.NO
    if user.is_superuser == is_admin:
        return
    user.usr_admin = wanted
    user.save(update_fields=["usr_admin", *stamp(user, CHANGED_BY)])
    logger.warning("OIDC: administrator rights of user %r are now %s", user.usr_id, wanted)


def _set_roles(user: User, groups: set[str], configuration: Configuration) -> None:
    """Give the user the mapped roles of his groups, and take the other mapped ones from him."""
    mapped = {role for _, role in configuration.roles}
    wanted = {role for group, role in configuration.roles if group in groups}
    known = set(Role.objects.filter(rol_id__in=wanted).values_list("rol_id", flat=True))
    for role in sorted(wanted - known):
        logger.warning("OIDC: role %r of LIBERTY_OIDC_ROLES does not exist", role)
    held = set(Membership.objects.filter(usr=user, rol_id__in=mapped).values_list("rol_id", flat=True))
    if held == known:
        return
    Membership.objects.filter(usr=user, rol_id__in=held - known).delete()
    new = [Membership(usr=user, rol_id=role) for role in sorted(known - held)]
    for membership in new:
        stamp(membership, CHANGED_BY)
    Membership.objects.bulk_create(new, ignore_conflicts=True)
    touch("default")


def _groups(claims: Document, name: str) -> set[str]:
    """Return the texts in the claim; one that is missing is one without groups."""
    value = _claim(claims, name)
    values = [value] if isinstance(value, str) else value
    return {group for group in values if isinstance(group, str)} if isinstance(values, list) else set()


def _claim(claims: Document, name: str) -> Any:
    """Return the claim of that name, else what its dots lead to: `realm_access.roles`."""
    if name in claims:
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value
