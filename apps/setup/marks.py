"""Marks on stored queries ("public", "without condition") whose SQL an import replaces."""

from collections.abc import Iterable, Sequence

from apps.queries.models import DefinitionPolicy
from apps.setup.plan import TablePlan

QUERY_SQL = "ly_qry_sql"


def withdraw_marks(plans: Sequence[TablePlan], *, catalogue: str) -> tuple[str, ...]:
    """Take back the marks on queries that get new SQL, and name them: `100 GET`.

    A mark was given to the SQL that stood under the number. What an import puts there may read or write
    anything else, and whoever may call the query has not been asked.
    """
    replaced = {pair for plan in plans if plan.table.name == QUERY_SQL for pair in _queries(plan)}
    marked = [
        policy
        for policy in DefinitionPolicy.objects.filter(catalogue=catalogue).order_by("query_id", "crud")
        if (policy.query_id, policy.crud) in replaced
    ]
    DefinitionPolicy.objects.filter(pk__in=[policy.pk for policy in marked]).delete()
    return tuple(str(policy) for policy in marked)


def _queries(plan: TablePlan) -> Iterable[tuple[int, str]]:
    number, verb = plan.table.positions(("query_id", "query_crud"))
    return ((row[number], row[verb]) for row in (*plan.new, *plan.changed))
