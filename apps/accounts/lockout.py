"""How many wrong passwords are taken before sign-in is locked; `docs/sign-in.md` tells operators.

Refused sign-ins are counted in the framework database, which all workers and nodes share: for a user from a
network, for a user, and for a network. A lock is a count that has reached its limit; it ends by time. User
ids that do not exist count and lock like the others, so nothing tells which ones do.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property, reduce
from math import ceil
from operator import or_
from typing import Final

from django.conf import settings
from django.db import connections, transaction
from django.db.models import F, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.timezone import now

from apps.accounts.caller import DEFAULT_CATALOGUE
from apps.accounts.models import SignInFailures
from liberty.errors import TooManyAttempts
from liberty.networks import UNKNOWN, network_of
from liberty.text import counted

logger = logging.getLogger("liberty.accounts")

# Most rows that are kept. A flood of invented user ids from everywhere drops the counts that end first, which
# costs its sender a sign-in for each two rows.
MAX_ROWS: Final = 20_000
# Most rows that one refused sign-in, which makes three at most, drops of either kind.
TIDIED_ROWS: Final = 100

_EVERYWHERE = ""
_EVERYBODY = ""

# The columns `user_key` and `network`.
_Key = tuple[str, str]


@dataclass(frozen=True)
class Attempt:
    """Somebody at `address` (empty where he has none) gives a password for a user id of a catalogue."""

    user_id: str
    catalogue: str = DEFAULT_CATALOGUE
    address: str = ""

    @cached_property
    def limits(self) -> dict[_Key, int]:
        """What the attempt counts for, and the number of failures that locks each; always in one order."""
        user, network = _user_key(self.user_id, self.catalogue), network_of(self.address)
        limits = {
            (user, network): settings.LIBERTY_SIGN_IN_ATTEMPTS,
            (user, _EVERYWHERE): settings.LIBERTY_SIGN_IN_USER_ATTEMPTS,
        }
        if network != UNKNOWN:
            limits[_EVERYBODY, network] = settings.LIBERTY_SIGN_IN_ADDRESS_ATTEMPTS
        return limits

    @property
    def own_key(self) -> _Key:
        """The user from this network."""
        return next(iter(self.limits))

    def named(self, key: _Key) -> str:
        """Return in words whom, and from where, one of the limits is about."""
        user_key, network = key
        user = f"user {self.user_id[:100]!r} of {self.catalogue!r}" if user_key else "everybody"
        return f"{user}, from {network or 'everywhere'}"


def require_unlocked(attempt: Attempt) -> bool:
    """Return whether failures of this user from this network are counted now.

    Raises TooManyAttempts while the user or the network is locked. Sign-ins that run at this moment are not
    counted yet: a limit may be passed by as many as the server has threads.
    """
    moment = now()
    counted = {
        (user, network): (failures, ends_at)
        for user, network, failures, ends_at in SignInFailures.objects.filter(
            _any_of(attempt.limits), ends_at__gt=moment
        ).values_list("user_key", "network", "failures", "ends_at")
    }
    ends = [ends_at for key, (failures, ends_at) in counted.items() if failures >= attempt.limits[key]]
    if ends:
        raise _locked(max(ends) - moment)
    return attempt.own_key in counted


def count_failure(attempt: Attempt) -> None:
    """Count a refused sign-in, and log it where it locks something."""
    has_begun = False
    for key, limit in attempt.limits.items():
        locks = _advance(key, limit, now())
        if locks is None:
            has_begun = True
            locks = _begin(key, limit, now())
        if locks:
            logger.warning("sign-in is locked after %s failures: %s", limit, attempt.named(key))
    if has_begun:
        # At last, when nothing more is waited for: others may wait for what is dropped.
        _tidy(now())


def forget_failures(attempt: Attempt) -> None:
    """Forget the failures of a user from a network, who has now given the right password there.

    What counts for everybody there, or for him everywhere, goes on: it is others who may have failed.
    """
    SignInFailures.objects.filter(_any_of([attempt.own_key])).delete()


def unlock_user(user_id: str, *, catalogue: str = DEFAULT_CATALOGUE) -> bool:
    """Forget all failures of a user; return whether there were any."""
    user_key = _user_key(user_id, catalogue)
    return SignInFailures.objects.filter(user_key=user_key).delete()[0] > 0


def unlock_address(address: str) -> bool:
    """Forget all failures from the network of an address; return whether there were any."""
    return SignInFailures.objects.filter(network=network_of(address)).delete()[0] > 0


def locked_until(user_id: str) -> datetime | None:
    """Return when the last lock of a user of the default catalogue ends, from wherever; None without one."""
    rows = SignInFailures.objects.filter(user_key=_user_key(user_id, DEFAULT_CATALOGUE), ends_at__gt=now())
    from_one = Q(failures__gte=settings.LIBERTY_SIGN_IN_ATTEMPTS) & ~Q(network=_EVERYWHERE)
    from_everywhere = Q(failures__gte=settings.LIBERTY_SIGN_IN_USER_ATTEMPTS, network=_EVERYWHERE)
    return (
        rows.filter(from_one | from_everywhere).order_by("-ends_at").values_list("ends_at", flat=True).first()
    )


def _begin(key: _Key, limit: int, moment: datetime) -> bool:
    """Make the row of a first failure; return whether it is the one that locks."""
    SignInFailures.objects.filter(_any_of([key]), ends_at__lte=moment).delete()
    user_key, network = key
    row = SignInFailures(user_key=user_key, network=network, failures=0, ends_at=_window_end(moment))
    # Another process may have made it meanwhile, or it is there because it is locked.
    SignInFailures.objects.bulk_create([row], ignore_conflicts=True)
    return _advance(key, limit, moment) is True


def _advance(key: _Key, limit: int, moment: datetime) -> bool | None:
    """Add a failure to a count that runs; return whether it locks, None where none runs or it is locked.

    Each step is one statement that finds the row as it needs it: of several processes, one locks.
    """
    running = SignInFailures.objects.filter(_any_of([key]), ends_at__gt=moment)
    if running.filter(failures__lt=limit - 1).update(failures=F("failures") + 1):
        return False
    if running.filter(failures=limit - 1).update(failures=limit, ends_at=_window_end(moment)):
        return True
    return None


def _tidy(moment: datetime) -> None:
    """Drop what counts nothing any more, and what is over MAX_ROWS."""
    counts = SignInFailures.objects.order_by("ends_at")
    _drop(counts.filter(ends_at__lte=moment))
    ends = SignInFailures.objects.order_by("-ends_at").values_list("ends_at", flat=True)
    for first_too_many in ends[MAX_ROWS : MAX_ROWS + 1]:
        _drop(counts.filter(ends_at__lte=first_too_many))


def _drop(rows: QuerySet[SignInFailures]) -> None:
    """Drop the first rows, but those that somebody works on: whoever waits here may be waited for."""
    with transaction.atomic(using=rows.db):
        free = rows.select_for_update(
            skip_locked=connections[rows.db].features.has_select_for_update_skip_locked
        )
        keys = list(free.values_list("user_key", "network")[:TIDIED_ROWS])
        if keys:
            SignInFailures.objects.filter(_any_of(keys)).delete()


def _any_of(keys: Iterable[_Key]) -> Q:
    return reduce(or_, (Q(user_key=user_key, network=network) for user_key, network in keys))


def _user_key(user_id: str, catalogue: str) -> str:
    named = f"{catalogue}\0{user_id}".encode(errors="surrogatepass")
    return salted_hmac("liberty.sign-in", named, algorithm="sha256").hexdigest()


def _window_end(moment: datetime) -> datetime:
    return moment + timedelta(seconds=settings.LIBERTY_SIGN_IN_WINDOW_S)


def _locked(left: timedelta) -> TooManyAttempts:
    seconds = ceil(left.total_seconds())
    message = f"Too many failed sign-ins. Please try again in {counted(seconds, 'second')}."
    return TooManyAttempts(message, retry_after_s=seconds)
