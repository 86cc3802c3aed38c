"""Marks on stored queries ("public", "without condition") whose SQL an import replaces."""

from collections.abc import Iterable, Sequence

from apps.queries.models import DefinitionPolicy
from apps.setup.plan import TablePlan

QUERY_SQL = "ly_qry_sql"


def replaced_marks(plans: Sequence[TablePlan], *, catalogue: str) -> list[DefinitionPolicy]:
    """Return the marks on queries that get new SQL, by number and verb.

    A mark was given to the SQL that stood under the number. What an import puts there may read or write
    anything else, and whoever may call the query has not been asked.
    """
    replaced = {pair for plan in plans if plan.table.name == QUERY_SQL for pair in _queries(plan)}
    policies = DefinitionPolicy.objects.filter(catalogue=catalogue).order_by("query_id", "crud")
    return [policy for policy in policies if (policy.query_id, policy.crud) in replaced]


def withdraw_marks(plans: Sequence[TablePlan], *, catalogue: str) -> None:
    """Take back the marks on queries that get new SQL."""
    marks = replaced_marks(plans, catalogue=catalogue)
    DefinitionPolicy.objects.filter(pk__in=[policy.pk for policy in marks]).delete()


def _queries(plan: TablePlan) -> Iterable[tuple[int, str]]:
    number, verb = plan.table.positions(("query_id", "query_crud"))
    return ((row[number], row[verb]) for row in (*plan.new, *plan.changed))
