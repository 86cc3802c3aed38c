"""Marking stored queries of the default catalogue as public."""

from collections.abc import Collection
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import QuerySet

from apps.pools.catalogue import touch
from apps.queries.models import DefinitionPolicy

READ = "GET"


def public_queries(numbers: Collection[int]) -> set[int]:
    """Return those of the queries `numbers` that every signed-in user may read."""
    marks = _marks(numbers).filter(public=True)
    return set(marks.values_list("query_id", flat=True))


def set_public(numbers: Collection[int], *, is_public: bool) -> set[int]:
    """Mark queries as public or take the mark back, and return the numbers of those that it changes."""
    with transaction.atomic():
        marked = public_queries(numbers)
        changed = set(numbers) - marked if is_public else marked
        for number in sorted(changed):
            _set(number, is_public=is_public)
    touch(DEFAULT_DB_ALIAS)
    return changed


def _set(number: int, *, is_public: bool) -> None:
    if is_public:
        key: dict[str, Any] = {"catalogue": DEFAULT_DB_ALIAS, "query_id": number, "crud": READ}
        DefinitionPolicy.objects.update_or_create(**key, defaults={"public": True})
    else:
        # A read has no other mark, and a verb without any has no row.
        _marks([number]).delete()


def _marks(numbers: Collection[int]) -> QuerySet[DefinitionPolicy]:
    return DefinitionPolicy.objects.filter(catalogue=DEFAULT_DB_ALIAS, query_id__in=numbers, crud=READ)
