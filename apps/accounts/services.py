"""Signing in."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction
from django.utils import timezone

from apps.accounts import lockout, passwords
from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.accounts.models import User, UserState
from apps.accounts.selectors import find_user
from apps.pools.router import use_framework_pool
from liberty.errors import Unauthenticated
from liberty.secrets import hash_password

logger = logging.getLogger("liberty.accounts")

REFUSED = "Authentication failed"


def sign_in(
    *,
    user_id: str,
    password: str,
    catalogue: str = DEFAULT_CATALOGUE,
    admin_only: bool = False,
    address: str = "",
) -> Caller:
    """Return the user as a caller if the password proves him to be calling.

    `password` is clear text, or `ENC:` text that we encrypted for transport moments ago. A user stored with
    an `ENC:` text that our own keys read gets a hash in its place, an old hash is renewed. `address` is the
    caller's, empty where he has none.
    Raises Unauthenticated, with one message and in one time, for an unknown or disabled user, one without
    password, a wrong password, and with `admin_only` for whoever is no administrator of `catalogue`.
    Raises TooManyAttempts, without a look at user or password, after too many of those refusals.
    Raises UnknownPool or PoolNotOpened for the catalogue.
    """
    attempt = lockout.Attempt(user_id, catalogue, address)
    has_failed = lockout.require_unlocked(attempt)
    user = find_user(user_id, catalogue=catalogue)
    clear = passwords.clear_text(password)
    verdict = passwords.check(clear, user.password if user is not None else None)
    may_enter = user is not None and user.is_active and (user.is_superuser or not admin_only)
    if user is None or clear is None or not verdict.is_correct or not may_enter:
        with _not_in_the_way(DEFAULT_CATALOGUE, "a refused sign-in could not be counted"):
            lockout.count_failure(attempt)
        raise Unauthenticated(REFUSED)
    if verdict.is_outdated:
        _store_hash(user, clear, catalogue=catalogue)
    if has_failed:
        with _not_in_the_way(DEFAULT_CATALOGUE, "the failures before a sign-in could not be forgotten"):
            lockout.forget_failures(attempt)
    if catalogue == DEFAULT_CATALOGUE:
        record_sign_in(user)
    return Caller.of(user, catalogue=catalogue)


def _store_hash(user: User, clear: str, *, catalogue: str) -> None:
    """Replace what is stored for the user, unless it has been changed since it was read."""
    with _not_in_the_way(catalogue, "the password of a user could not be hashed anew"):
        rows = User.objects.filter(usr_id=user.usr_id, password=user.password)
        rows.update(password=hash_password(clear))


def record_sign_in(user: User) -> None:
    """Note when a user of the default catalogue has signed in."""
    with _not_in_the_way(DEFAULT_CATALOGUE, "a sign-in could not be recorded"):
        UserState.objects.bulk_create(
            [UserState(usr_id=user.usr_id, last_sign_in=timezone.now())],
            update_conflicts=True,
            unique_fields=["usr_id"],
            update_fields=["last_sign_in"],
        )


@contextmanager
def _not_in_the_way(alias: str, complaint: str) -> Iterator[None]:
    """Write to a catalogue; log what its database refuses.

    A catalogue that cannot be written is no reason to refuse a good password, nor to tell of a bad one more
    than that it is refused.
    """
    try:
        with use_framework_pool(alias), transaction.atomic(using=alias):
            yield
    except DatabaseError:
        logger.warning(complaint, exc_info=True)
