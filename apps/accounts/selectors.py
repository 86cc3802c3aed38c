"""Reading users, each in the catalogue that he belongs to."""

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.accounts.models import User
from apps.pools import registry
from apps.pools.catalogue import remembered
from apps.pools.framework_tables import read_tables
from liberty.errors import Forbidden, NotACatalogue, UnknownPool, UnknownUser
from liberty.text import is_sendable

_LONGEST_ID: int = User._meta.get_field("usr_id").max_length or 0


def find_user(user_id: str, *, catalogue: str) -> User | None:
    """Return the user with exactly this id, enabled or not; None where there is none.

    Opens the pool `catalogue`. Raises UnknownPool or PoolNotOpened where that fails.
    """
    if catalogue != DEFAULT_CATALOGUE:
        registry.resolve(catalogue)
    if not _may_be_an_id(user_id):
        return None
    try:
        user = read_tables(catalogue, lambda: User.objects.filter(usr_id=user_id).first())
    except NotACatalogue:
        return None
    # MySQL finds `admin` for `ADMIN` and for `admin ` as well.
    return user if user is not None and user.usr_id == user_id else None


def find_caller(user_id: str, *, catalogue: str) -> Caller | None:
    """Return the enabled user with this id as a caller, from memory where the catalogue has not changed."""
    try:
        return remembered(catalogue, ("caller", user_id), lambda: _load_caller(user_id, catalogue))
    except UnknownPool:
        return None


def visible_user(caller: Caller, *, user_id: str, catalogue: str) -> User:
    """Return the user that `caller` asks for.

    Raises Forbidden where it is neither he himself nor a user of a catalogue that he administers, before
    anything is read; else UnknownUser.
    """
    is_himself = (user_id, catalogue) == (caller.user_id, caller.catalogue)
    if not is_himself and not caller.administers(catalogue):
        raise Forbidden("Only an administrator may read other users.")
    user = find_user(user_id, catalogue=catalogue)
    if user is None:
        raise UnknownUser(user_id)
    return user


def _load_caller(user_id: str, catalogue: str) -> Caller | None:
    user = find_user(user_id, catalogue=catalogue)
    return Caller.of(user, catalogue=catalogue) if user is not None and user.is_active else None


def _may_be_an_id(user_id: str) -> bool:
    return is_sendable(user_id) and 0 < len(user_id) <= _LONGEST_ID
