"""Reading users, each in the catalogue that he belongs to."""

from django.db import DatabaseError, InterfaceError, OperationalError, connections

from apps.accounts.caller import DEFAULT_CATALOGUE, Caller
from apps.accounts.models import User
from apps.pools import registry
from apps.pools.catalogue import reading_alias, remembered
from apps.pools.router import use_framework_pool
from liberty.errors import Forbidden, UnknownPool, UnknownUser

_LONGEST_ID: int = User._meta.get_field("usr_id").max_length or 0


def find_user(user_id: str, *, catalogue: str) -> User | None:
    """Return the user with exactly this id, enabled or not; None where there is none.

    Opens the pool `catalogue`. Raises UnknownPool or PoolNotOpened where that fails.
    """
    alias = _opened(catalogue)
    if not _may_be_an_id(user_id):
        return None
    try:
        user = _read_user(user_id, catalogue=catalogue, alias=alias)
    except DatabaseError:
        if _has_users(alias):
            raise
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


def _opened(catalogue: str) -> str:
    """Return the alias to read users of `catalogue` through, and see that it is open."""
    if catalogue != DEFAULT_CATALOGUE:
        registry.resolve(catalogue)
    return reading_alias(catalogue)


def _read_user(user_id: str, *, catalogue: str, alias: str) -> User | None:
    with use_framework_pool(alias):
        users = User.objects.filter(usr_id=user_id)
        try:
            return users.first()
        except (OperationalError, InterfaceError):
            if catalogue == DEFAULT_CATALOGUE:
                raise
        # The database may have been away since this connection and others were last used.
        connections[alias].close()
        registry.opened(catalogue).reader.discard_idle()
        return users.first()


def _may_be_an_id(user_id: str) -> bool:
    """Whether a database can be asked for it: drivers fail on NUL and on half a surrogate pair."""
    is_text = "\x00" not in user_id and not any("\ud800" <= character <= "\udfff" for character in user_id)
    return is_text and 0 < len(user_id) <= _LONGEST_ID


def _has_users(alias: str) -> bool:
    """Whether the pool holds framework tables at all."""
    return User._meta.db_table in connections[alias].introspection.table_names()
