"""What is stored of queries, read for those who manage them."""

from collections import defaultdict
from dataclasses import dataclass

from apps.queries.framework_definitions import framework_query_numbers
from apps.queries.models import FrameworkQuery, FrameworkSwitch


@dataclass(frozen=True, slots=True)
class ImportedQuery:
    """The imported definitions of one framework query, and whether they answer."""

    number: int
    description: str
    verbs: tuple[str, ...]
    database_types: tuple[str, ...]
    is_switched_on: bool
    has_own: bool
    """Whether we have a definition of this number, which answers otherwise."""


def imported_framework_queries(wanted: str = "") -> list[ImportedQuery]:
    """Return the imported framework queries by number: those whose number or description holds `wanted`."""
    rows: dict[int, list[tuple[str, str, str | None]]] = defaultdict(list)
    stored = FrameworkQuery.objects.order_by("fmw_id", "fmw_crud", "fmw_dbtype")
    for number, verb, dbtype, description in stored.values_list(
        "fmw_id", "fmw_crud", "fmw_dbtype", "fmw_description"
    ):
        rows[number].append((verb, dbtype, description))
    switched_on = set(FrameworkSwitch.objects.values_list("fmw_id", flat=True))
    own = framework_query_numbers()
    queries = [
        ImportedQuery(
            number=number,
            description=next((description for _, _, description in variants if description), ""),
            verbs=tuple(dict.fromkeys(verb for verb, _, _ in variants)),
            database_types=tuple(dict.fromkeys(dbtype for _, dbtype, _ in variants)),
            is_switched_on=number in switched_on,
            has_own=number in own,
        )
        for number, variants in rows.items()
    ]
    return [query for query in queries if wanted.lower() in f"{query.number} {query.description}".lower()]
