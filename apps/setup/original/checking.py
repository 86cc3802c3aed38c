"""The check after a move: is everything here, and does every stored query answer the same?"""

from collections.abc import Iterator
from contextlib import contextmanager

from apps.accounts.models import User
from apps.setup.original.answers import Answerer, Ours, TheirApi, TheirDatabases
from apps.setup.original.comparing import (
    Comparison,
    Progress,
    compare_queries,
    compare_tables,
    compared_catalogues,
)
from apps.setup.original.moving import Installation, Wish, move_installation, read_installation
from apps.setup.original.secrets import reads
from apps.setup.repository import framework_tables
from liberty.crypto import is_encrypted
from liberty.errors import MalformedRequest


def check(
    wish: Wish,
    *,
    api: str | None = None,
    user: str | None = None,
    language: str = "en",
    progress: Progress = lambda place: None,
) -> list[Comparison]:
    """Compare the tables and the answers of both installations; nothing is changed in either.

    The original answers through its API at the address `api`, where `user` signs in with the password that
    its own table has; without an address its SQL is run on its databases. Raises as `move` does, Unavailable
    where the API does not answer.
    """
    installation = read_installation(wish)
    moved = move_installation(installation, wish, apply=False)
    comparisons = list(compare_tables(moved))
    catalogues = compared_catalogues(installation, moved)
    with _their_side(installation, wish, api, user) as theirs:
        comparisons += compare_queries(catalogues, theirs, Ours(), language=language, progress=progress)
    return comparisons


@contextmanager
def _their_side(
    installation: Installation, wish: Wish, api: str | None, user: str | None
) -> Iterator[Answerer]:
    if api is None:
        with TheirDatabases(installation, wish.address) as databases:
            yield databases
        return
    account = _account(installation, wish.master_key, user)
    # Its API takes passwords as its table has them.
    yield TheirApi(api, user=account.usr_id, password=account.password or "")


def _account(installation: Installation, master_key: str, user: str | None) -> User:
    """Return the user who asks the original's API. Raises MalformedRequest if there is none."""
    attributes = framework_tables()["ly_users"].attributes
    rows = installation.default.rows.get("ly_users", {})
    for _, row in sorted(rows.items()):
        found = User(**dict(zip(attributes, row, strict=True)))
        wanted = found.is_superuser if user is None else found.usr_id == user
        text = found.password or ""
        if wanted and found.is_active and is_encrypted(text) and reads(master_key, text):
            return found
    raise MalformedRequest("The original has no such enabled user whose password can be read")
