"""What is stored of queries, read for those who manage them."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS

from apps.queries.framework_definitions import framework_query_numbers
from apps.queries.models import DefinitionPolicy, FrameworkQuery, FrameworkSwitch, Query


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


@dataclass(frozen=True, slots=True)
class Marks:
    """What is allowed with a stored query of the default catalogue beyond the default."""

    public: bool
    unconditional: list[str]
    """The verbs that may change every row of a table."""


def marks_of(query: Query) -> Marks:
    """Return the marks of a stored query; one without any has no rows."""
    policies = DefinitionPolicy.objects.filter(catalogue=DEFAULT_DB_ALIAS, query_id=query.pk).order_by("crud")
    return Marks(
        public=any(policy.public and policy.crud == "GET" for policy in policies),
        unconditional=[policy.crud for policy in policies if policy.allow_unconditional],
    )


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
